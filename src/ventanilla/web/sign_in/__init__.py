"""The door for staff: signing in, what protects an account, and «Mi cuenta».

django-allauth does the work; here is what this house decides: nobody signs up, mail leaves through
the outbox, what is said is said in our words.
"""
