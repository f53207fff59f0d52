// Readlog reads a whole log with the packages that check Go's own module database, which know nothing
// of Diurna: golang.org/x/mod/sumdb/note opens the checkpoint, sumdb/tlog authenticates every tile and
// every entry against it. It prints the number of entries, or says what does not fit and exits 1.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run readlog.go https://news.example/ledger
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type site struct{ prefix string }

// What was read once: without it, a log of some thousand entries asks for the same tiles thousands
// of times.
var read = map[string][]byte{}

func (s site) get(path string) ([]byte, error) {
	if data, known := read[path]; known {
		return data, nil
	}
	answer, err := http.Get(s.prefix + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", path, answer.Status)
	}
	data, err := io.ReadAll(answer.Body)
	if err == nil {
		read[path] = data
	}
	return data, err
}

// Height makes a site a tlog.TileReader.
func (s site) Height() int { return height }

// ReadTiles fetches tiles; Go writes their height into the path, C2SP leaves it out.
func (s site) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := s.get("/" + path)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// SaveTiles keeps nothing.
func (s site) SaveTiles([]tlog.Tile, [][]byte) {}

func (s site) tree() (tlog.Tree, error) {
	var tree tlog.Tree
	key, err := s.get("/key")
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		return tree, err
	}
	signed, err := s.get("/checkpoint")
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("the checkpoint is not of %s", verifier.Name())
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	copy(tree.Hash[:], root)
	return tree, err
}

func (s site) entries(bundle int64, width int) ([][]byte, error) {
	tile := tlog.Tile{H: height, L: -1, N: bundle, W: width}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	data, err := s.get("/" + path)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s breaks off", path)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	return entries, nil
}

func (s site) check() (int64, error) {
	tree, err := s.tree()
	if err != nil {
		return 0, err
	}
	hashes := tlog.TileHashReader(tree, s)
	for first := int64(0); first < tree.N; first += 1 << height {
		width := 1 << height
		if rest := tree.N - first; rest < int64(width) {
			width = int(rest)
		}
		entries, err := s.entries(first>>height, width)
		if err != nil {
			return 0, err
		}
		if len(entries) != width {
			return 0, fmt.Errorf("a bundle has %d entries instead of %d", len(entries), width)
		}
		for place, entry := range entries {
			index := first + int64(place)
			proof, err := tlog.ProveRecord(tree.N, index, hashes)
			if err != nil {
				return 0, err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
				return 0, fmt.Errorf("entry %d: %v", index, err)
			}
		}
	}
	return tree.N, nil
}

func main() {
	size, err := site{strings.TrimRight(os.Args[1], "/")}.check()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(size)
}
