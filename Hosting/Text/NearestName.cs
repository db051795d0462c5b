namespace Shortline.Hosting.Text;

/// <summary>
/// Finds the name that the user probably meant: the one with the smallest edit distance, if the distance is small. Two swapped letters
/// count as one edit (optimal string alignment).
/// </summary>
internal static class NearestName
{
    // A longer text is not a misspelt name, and the distance costs the product of both lengths.
    private const int LongestName = 64;

    public static string? Of(string text, IEnumerable<string> names)
    {
        if (text.Length is 0 or > LongestName)
            return null;
        var (name, distance) = names
            .Select(name => (Name: name, Distance: Distance(text, name)))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);

        // With more than a third of the letters wrong, the text is another word rather than a misspelling.
        return distance <= Math.Max(1, name.Length / 3) ? name : null;
    }

    private static int Distance(string a, string b)
    {
        var (beforeLast, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = last[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(substitution, 1 + Math.Min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
