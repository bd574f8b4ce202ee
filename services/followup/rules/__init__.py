"""Pure decisions about promises and callbacks, one file per decision; time, calendar and customer's day are arguments.

A decision that may lead to several events is a generator: it yields an event and gets back the state with that event
applied, so that numbers, open promises and callbacks are right for the next one.
"""
