using System.Buffers;
using System.Text.Unicode;
using Shortline.Protocol.Json;

namespace Shortline.Protocol.ExternalServers;

/// <summary>Parses reports of external servers: one JSON object per datagram or line.</summary>
public static class ExternalReportParser
{
    /// <summary>The maximum length of a report, in bytes.</summary>
    public const int MaxReport = 1024;

    /// <summary>The maximum length of an identity, in bytes. The server's id is four characters longer and still fits a response.</summary>
    public const int MaxIdentity = 60;

    private static readonly SearchValues<byte> IdentityBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    /// <summary>Parses a report in place. Never throws and never allocates. Ignores unknown members; null means "not given".</summary>
    /// <param name="report">The received datagram or line.</param>
    /// <param name="view">The parsed report; <c>default</c> on failure.</param>
    /// <returns><see cref="ExternalFault.None"/>, or the first fault.</returns>
    public static ExternalFault Parse(ReadOnlySpan<byte> report, out ExternalReportView view)
    {
        view = default;
        if (report.Length > MaxReport)
            return ExternalFault.TooLarge;
        var scanner = new JsonScanner(report);
        if (!Utf8.IsValid(report) || !scanner.TryEnterObject())
            return ExternalFault.NotAnObject;
        var members = new ExternalReportMembers(report);
        var fault = members.Read(ref scanner);
        if (fault == ExternalFault.None)
            view = members.ToView();
        return fault;
    }

    /// <summary>Whether <paramref name="text"/> is a valid identity: 1 to 60 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
    public static bool IsIdentity(ReadOnlySpan<byte> text) => text.Length is >= 1 and <= MaxIdentity && !text.ContainsAnyExcept(IdentityBytes);
}
