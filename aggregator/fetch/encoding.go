package fetch

import (
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// zstdMemory bounds what one zstd frame may ask for as its window: RFC 8878
// recommends that decoders support 8 MB.
const zstdMemory = 8 << 20

// decoder undoes a Content-Encoding. release gives back what it holds.
func decoder(encoding string, r io.Reader) (plain io.Reader, release func(), err error) {
	nothing := func() {}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		return r, nothing, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil, fmt.Errorf("the answer says gzip and is not: %w", err)
		}
		return z, nothing, nil
	case "br":
		return brotli.NewReader(r), nothing, nil
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdMemory), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, nil, fmt.Errorf("the answer says zstd and is not: %w", err)
		}
		return z, z.Close, nil
	case "deflate":
		return deflate(r), nothing, nil
	}
	return nil, nil, fmt.Errorf("the answer is encoded as %q, which nobody asked for", encoding)
}

// deflate reads both meanings of the word that servers send: zlib (RFC 9110
// §8.4.1.2) and, wrongly but often, raw deflate.
func deflate(r io.Reader) io.Reader {
	buffered := bufio.NewReader(r)
	head, err := buffered.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		if z, err := zlib.NewReader(buffered); err == nil {
			return z
		}
	}
	return flate.NewReader(buffered)
}
