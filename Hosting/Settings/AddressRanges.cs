using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Shortline.Hosting;

/// <summary>IP addresses and ranges of them.</summary>
public sealed record AddressRanges
{
    private readonly ImmutableArray<IPNetwork> _ranges;
    private readonly string _written;

    private AddressRanges(ImmutableArray<IPNetwork> ranges, string written) => (_ranges, _written) = (ranges, written);

    /// <summary>This machine alone.</summary>
    public static AddressRanges Loopback { get; } = TryParse("127.0.0.0/8,::1")!;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>Reads addresses and ranges with commas between them; nothing is no address.</summary>
    /// <returns>Null if one of them is neither, or a range begins in the middle of itself (<c>10.0.0.1/8</c>).</returns>
    public static AddressRanges? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ranges = ImmutableArray.CreateBuilder<IPNetwork>();
        if (text.Trim().Length > 0)
        {
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!TryParseOne(part, out var range))
                    return null;
                ranges.Add(range);
            }
        }

        return new AddressRanges(ranges.ToImmutable(), string.Join(',', text.Split(',', StringSplitOptions.TrimEntries)));
    }

    /// <summary>Whether an address is one of them. One of IPv4 that is written as IPv6 counts as what it is.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var range in _ranges)
        {
            if (range.Contains(plain))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(AddressRanges? other) => other is not null && string.Equals(_written, other._written, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => _written.GetHashCode(StringComparison.Ordinal);

    /// <summary>As it is written.</summary>
    public override string ToString() => _written;

    private static bool TryParseOne(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];

        // The parser takes "1" for 0.0.0.1; nobody means that.
        if (address.IndexOfAny(['.', ':']) < 0 || !IPAddress.TryParse(address, out var parsed) || parsed.IsIPv4MappedToIPv6)
            return false;
        var bits = parsed.GetAddressBytes().Length * 8;
        if (slash >= 0 && !(int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= bits))
            return false;
        var written = slash < 0 ? $"{parsed}/{bits}" : $"{parsed}/{text[(slash + 1)..]}";
        return IPNetwork.TryParse(written, out range) && range.BaseAddress.Equals(parsed);
    }
}
