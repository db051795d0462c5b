using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Shortline.Hosting;

/// <summary>An IP address to listen on.</summary>
internal sealed class IpAddress : ValueKind<string>
{
    private static readonly char[] Separators = ['.', ':'];

    public override string Allowed => "an IP address, such as 127.0.0.1 (this machine alone), 0.0.0.0 (every network) or ::1";

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        // The parser takes "1" for 0.0.0.1; nobody means that.
        var written = entry.Value.Trim();
        var read = entry.Kind == EntryKind.Text && written.IndexOfAny(Separators) >= 0 && IPAddress.TryParse(written, out _);
        value = read ? written : null;
        return read;
    }
}
