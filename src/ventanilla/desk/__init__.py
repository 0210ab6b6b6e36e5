"""The work of serving: the desk joins the systems, one function per thing a person does."""
