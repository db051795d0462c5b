using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>A password, or nothing.</summary>
internal sealed class SecretText : ValueKind<string>
{
    public override string Allowed => "text, or empty for none";

    public override bool IsSecret => true;

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        value = entry.Kind == EntryKind.Other ? null : entry.Value;
        return value is not null;
    }
}
