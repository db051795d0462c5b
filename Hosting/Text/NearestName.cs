namespace Shortline.Hosting;

/// <summary>Finds the name that was probably meant: the smallest edit distance (Levenshtein), if it is small enough.</summary>
internal static class NearestName
{
    // Longer names cannot be meant, and the distance costs the product of the two lengths.
    private const int LongestName = 64;

    public static string? Of(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestName)
            return null;
        var (name, distance) = known
            .Select(candidate => (Name: candidate, Distance: Distance(written, candidate)))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);

        // A third of the letters wrong is still a slip of the hand; more is another word.
        return distance <= Math.Max(1, name.Length / 3) ? name : null;
    }

    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
