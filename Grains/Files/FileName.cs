using Shortline.Hosting.Text;

namespace Shortline.Grains.Files;

/// <summary>
/// The rule for names that clients may ask for: a relative path of 1 to 1024 characters with <c>/</c> between its parts. It has no control
/// character, no <c>\</c>, no drive, and no part that is empty, <c>.</c> or <c>..</c>.
/// </summary>
internal static class FileName
{
    public const int MaxLength = 1024;

    /// <summary>Characters of a name that are shown in an error, which has 256 bytes.</summary>
    private const int MaxShown = 80;

    /// <summary>Returns what is wrong with a name; null if it is allowed.</summary>
    public static string? Fault(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return "'name' is missing: give the name of a file or directory, such as \"notes/today.txt\"";
        if (name.Length > MaxLength)
            return $"'name' has {name.Length} characters: at most {MaxLength} are allowed";
        return Reason(name) is { } reason ? $"'name' is not allowed, {reason}: {Shown(name)}" : null;
    }

    /// <summary>Returns a name in the form for messages, in quotes.</summary>
    public static string Shown(string name) => $"'{SafeText.Of(name, MaxShown)}'";

    private static string? Reason(string name)
    {
        foreach (var character in name)
        {
            if (char.IsControl(character) || character == '\\')
                return @"it must not contain control characters or '\'; '/' separates its parts";
        }

        if (name[0] == '/' || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0])))
            return "it must be relative to server.file_root, without a drive or a leading '/'";

        foreach (var range in name.AsSpan().Split('/'))
        {
            var part = name.AsSpan(range);
            if (part is "" or "." or "..")
                return "none of its parts may be empty, '.' or '..'";
            if (OperatingSystem.IsWindows() && (part.Contains(':') || part[^1] is '.' or ' '))
                return "none of its parts may contain ':' or end with '.' or a space";
        }

        return null;
    }
}
