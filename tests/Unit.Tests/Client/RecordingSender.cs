using System.Text.Json;
using Shortline.Client;
using Shortline.Protocol;

namespace Shortline.Unit.Tests.Client;

/// <summary>Stands for the socket and for the requests' owner: keeps what was sent and what ended.</summary>
internal sealed class RecordingSender : IDatagramSender, IRequestOwner
{
    public List<(long Id, int TimeoutMs)> Sent { get; } = [];

    public List<(EndedRequest Request, ResponseStatus? Status)> Ended { get; } = [];

    /// <summary>Where each of them went.</summary>
    public List<int> SentTo { get; } = [];

    public SendOutcome Outcome { get; set; }

    public int Gateways { get; init; } = 1;

    public SendOutcome Send(int gateway, ReadOnlySpan<byte> datagram)
    {
        SentTo.Add(gateway);
        using var json = JsonDocument.Parse(datagram.ToArray());
        Sent.Add((json.RootElement.GetProperty("id").GetInt64(), json.RootElement.GetProperty("timeout_ms").GetInt32()));
        return Outcome;
    }

    public void OnEnded(in EndedRequest request, in ResponseView response) => Ended.Add((request, request.Answered ? response.Status : null));
}
