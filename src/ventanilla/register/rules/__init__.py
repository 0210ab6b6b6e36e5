"""Pure decisions of the register: frozen values, no Django."""
