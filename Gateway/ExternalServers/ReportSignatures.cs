using System.Net;
using System.Security.Cryptography;
using System.Text;
using Shortline.Hosting.Text;
using Shortline.Protocol.ExternalServers;

namespace Shortline.Gateway.ExternalServers;

/// <summary>
/// Checks that reports from other machines are signed by someone who knows <c>load_balancer.join_secret</c>, lately, and for the address that they
/// come from. So nobody else can join, and a report that was recorded is of no use at another address or later.
/// </summary>
/// <param name="secret">The secret; empty if there is none.</param>
/// <param name="time">The clock.</param>
internal sealed class ReportSignatures(string secret, TimeProvider time)
{
    /// <summary>How far the clocks of servers and gateways may be apart, and how old a report may be.</summary>
    public static readonly TimeSpan MaxDifference = TimeSpan.FromSeconds(30);

    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);

    /// <summary>Finds what is wrong with the signature of a report. Reports from loopback need none.</summary>
    public ExternalFault Check(IPAddress peer, in ExternalReportView report)
    {
        if (IPAddress.IsLoopback(peer))
            return ExternalFault.None;
        if (_key.Length == 0)
            return ExternalFault.NoSecret;
        if (report.Signature.IsEmpty)
            return ExternalFault.NotSigned;
        if (!IsSigned(report))
            return ExternalFault.BadSignature;
        if (Math.Abs(time.GetUtcNow().ToUnixTimeMilliseconds() - (double)report.TimeMs) > MaxDifference.TotalMilliseconds)
            return ExternalFault.BadTime;
        return PlainAddress.TryParse(Encoding.UTF8.GetString(report.Address), out IPAddress? named) && PlainAddress.WithoutMapping(named).Equals(peer)
            ? ExternalFault.None
            : ExternalFault.BadAddress;
    }

    private bool IsSigned(in ExternalReportView report)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(report.Signature, given, out _, out var length) != OperationStatus.Done || length != given.Length)
            return false;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, report.SignedBytes, expected);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }
}
