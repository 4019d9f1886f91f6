// Package spelling finds the name that a misspelt one most likely stands for.
package spelling

// Nearest is the name that takes the fewest changes to make of another one, and most at the most; empty if there is none.
// Case counts. It costs the product of the lengths for each name that is not much longer or shorter.
func Nearest(name string, known []string, most int) (best string) {
	for _, k := range known {
		if n := len(k) - len(name); n > most || -n > most {
			continue
		}
		if d := Distance(name, k); d <= most {
			best, most = k, d-1
		}
	}
	return best
}

// Distance counts the bytes to be put in, left out or changed to make one word of another (Levenshtein).
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
