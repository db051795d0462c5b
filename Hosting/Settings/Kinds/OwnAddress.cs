using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Shortline.Hosting;

/// <summary>An address of this machine that others reach it by, which "every network" is not.</summary>
internal sealed class OwnAddress : ValueKind<string>
{
    private static readonly IpAddress AnyAddress = new();

    public override string Allowed => "an IP address of this machine, such as 127.0.0.1 or 10.0.0.5, not 0.0.0.0";

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var read = AnyAddress.TryRead(entry, out value)
            && !IPAddress.Any.Equals(IPAddress.Parse(value))
            && !IPAddress.IPv6Any.Equals(IPAddress.Parse(value));
        value = read ? value : null;
        return read;
    }
}
