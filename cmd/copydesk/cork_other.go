//go:build !linux

package main

import "net"

// cork leaves c as it is: only Linux takes the hint.
func cork(c *timed) net.Conn { return c }
