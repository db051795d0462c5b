using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Net;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>A list of IP addresses and ranges in CIDR notation.</summary>
[Description("IP addresses and ranges with commas between them, such as 127.0.0.1 or 10.0.0.0/8,::1, or empty for none")]
[TypeConverter(typeof(TextValueConverter<AddressRanges>))]
public sealed record AddressRanges : ITextValue<AddressRanges>
{
    private readonly ImmutableArray<IPNetwork> _ranges;
    private readonly string _text;

    private AddressRanges(ImmutableArray<IPNetwork> ranges, string text) => (_ranges, _text) = (ranges, text);

    /// <summary>The addresses of this machine that other machines cannot use.</summary>
    public static AddressRanges Loopback { get; } = TryParse("127.0.0.0/8,::1")!;

    /// <summary>Whether the list contains no address.</summary>
    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>Reads addresses and ranges with commas between them. An empty text is an empty list.</summary>
    /// <returns>Null if an entry is no address or range, or a range does not start at its first address (<c>10.0.0.1/8</c>).</returns>
    public static AddressRanges? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ranges = ImmutableArray.CreateBuilder<IPNetwork>();
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (text.Trim().Length > 0)
        {
            foreach (var part in parts)
            {
                if (!TryParseOne(part, out var range))
                    return null;
                ranges.Add(range);
            }
        }

        return new AddressRanges(ranges.ToImmutable(), string.Join(',', parts));
    }

    /// <summary>Whether one of the ranges contains an address. An IPv4 address that is mapped to IPv6 counts as the IPv4 address.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = PlainAddress.WithoutMapping(address);
        foreach (var range in _ranges)
        {
            if (range.Contains(plain))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(AddressRanges? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The list as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => _text;

    private static bool TryParseOne(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];

        if (!PlainAddress.TryParse(address, out IPAddress? parsed) || parsed.IsIPv4MappedToIPv6)
            return false;
        var bits = parsed.GetAddressBytes().Length * 8;
        if (slash >= 0 && !(int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits))
            return false;
        var cidr = slash < 0 ? $"{parsed}/{bits}" : $"{parsed}/{text[(slash + 1)..]}";
        return IPNetwork.TryParse(cidr, out range) && range.BaseAddress.Equals(parsed);
    }
}
