"""Every shape the register has had, in order. A migration never imports what may change after it."""
