using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>A folder, or nothing. That it can be written is found out by who writes.</summary>
internal sealed class FolderName : ValueKind<string>
{
    private static readonly char[] Invalid = Path.GetInvalidPathChars();

    public override string Allowed => "a folder, or empty for none";

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var read = entry.Kind == EntryKind.Text && entry.Value.IndexOfAny(Invalid) < 0;
        value = read ? entry.Value.Trim() : null;
        return read;
    }
}
