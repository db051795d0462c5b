using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>A file, or nothing. Whether the file can be read is found out by who reads it.</summary>
internal sealed class FileName : ValueKind<string>
{
    private static readonly char[] Invalid = Path.GetInvalidPathChars();

    public override string Allowed => "a file, or empty for none";

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var read = entry.Kind == EntryKind.Text && entry.Value.IndexOfAny(Invalid) < 0;
        value = read ? entry.Value.Trim() : null;
        return read;
    }
}
