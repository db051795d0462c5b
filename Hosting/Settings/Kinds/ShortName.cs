using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>A name that is safe in file names, logs and databases.</summary>
internal sealed class ShortName : ValueKind<string>
{
    /// <summary>The longest there is.</summary>
    public const int Longest = 64;

    public override string Allowed => $"1 to {Longest} letters, digits, -, _ or .";

    /// <summary>Whether it is one.</summary>
    public static bool IsOne(string text) => text.Length is > 0 and <= Longest && text.All(IsAllowed);

    /// <summary>The nearest one to <paramref name="text"/>, which is somebody else's name: of a machine, for one.</summary>
    public static string From(string text)
    {
        var name = string.Concat(text.Take(Longest).Select(c => IsAllowed(c) ? c : '-'));
        return name.Length == 0 ? "-" : name;
    }

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var written = entry.Value.Trim();
        value = entry.Kind != EntryKind.Other && IsOne(written) ? written : null;
        return value is not null;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
