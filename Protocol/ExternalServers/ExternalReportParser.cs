using System.Buffers;
using System.Text.Unicode;

namespace Shortline.Protocol;

/// <summary>Reads the reports of servers that are not grains: one JSON object a datagram, or a line.</summary>
public static class ExternalReportParser
{
    /// <summary>The largest report, in bytes.</summary>
    public const int MaxReport = 1024;

    /// <summary>The longest identity. A server's id, which has four characters more, then fits a response.</summary>
    public const int MaxIdentity = 60;

    private static readonly SearchValues<byte> IdentityBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    /// <summary>Reads a report in place. Never throws, never allocates; unknown members are passed over, null stands for "not given".</summary>
    /// <param name="report">What was received.</param>
    /// <param name="view">The report; nothing on failure.</param>
    /// <returns><see cref="ExternalFault.None"/>, or the first thing that is wrong.</returns>
    public static ExternalFault Parse(ReadOnlySpan<byte> report, out ExternalReportView view)
    {
        view = default;
        if (report.Length > MaxReport)
            return ExternalFault.TooLarge;
        var scanner = new JsonScanner(report);
        if (!Utf8.IsValid(report) || !scanner.TryEnterObject())
            return ExternalFault.NotAnObject;
        var members = new ExternalReportMembers();
        var fault = members.Read(ref scanner);
        if (fault == ExternalFault.None)
            view = members.ToView();
        return fault;
    }

    /// <summary>Whether a text may be an identity: 1 to 60 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
    public static bool IsIdentity(ReadOnlySpan<byte> text) => text.Length is >= 1 and <= MaxIdentity && !text.ContainsAnyExcept(IdentityBytes);
}
