using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>IP addresses and ranges.</summary>
internal sealed class AddressList : ValueKind<AddressRanges>
{
    public override string Allowed => "IP addresses and ranges with commas between them, such as 127.0.0.1 or 10.0.0.0/8,::1, or empty for none";

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out AddressRanges value)
    {
        value = entry.Kind == EntryKind.Text ? AddressRanges.TryParse(entry.Value.Trim()) : null;
        return value is not null;
    }
}
