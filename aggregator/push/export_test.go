package push

var RenewAt = renewAt
