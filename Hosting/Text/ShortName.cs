namespace Shortline.Hosting.Text;

/// <summary>Names that are safe in file names, logs and databases: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
internal static class ShortName
{
    /// <summary>The most characters that a name has.</summary>
    public const int Longest = 64;

    /// <summary>Whether a text is such a name.</summary>
    public static bool IsOne(string text) => text.Length is > 0 and <= Longest && text.All(IsAllowed);

    /// <summary>Turns any text, such as the name of a machine, into such a name.</summary>
    public static string From(string text)
    {
        var name = string.Concat(text.Take(Longest).Select(c => IsAllowed(c) ? c : '-'));
        return name.Length == 0 ? "-" : name;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
