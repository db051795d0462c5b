using System.Text.Json;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Requests;

/// <summary>Stands for the socket and for the requests' owner: keeps what was sent and what ended.</summary>
internal sealed class RecordingSender : IRequestSender, IRequestOwner
{
    public List<(long Id, int TimeoutMs)> Sent { get; } = [];

    public List<(EndedRequest Request, ResponseStatus? Status)> Ended { get; } = [];

    /// <summary>Where each of them went.</summary>
    public List<int> SentTo { get; } = [];

    public SendOutcome Outcome { get; set; }

    public int Gateways { get; init; } = 1;

    public bool HasConnections { get; init; }

    /// <summary>The number of each gateway's connection.</summary>
    public long[] Connections { get; } = [1, 1];

    /// <summary>The gateways whose connections were probed.</summary>
    public List<int> Probed { get; } = [];

    /// <summary>The connections that were left.</summary>
    public List<(int Gateway, long Connection)> Left { get; } = [];

    /// <summary>When something came last, for each gateway.</summary>
    public long[] HeardAt { get; } = [long.MinValue, long.MinValue];

    public long Connection(int gateway) => Connections[gateway];

    public void Probe(int gateway, long connection) => Probed.Add(gateway);

    public bool HasHeard(int gateway, long connection, long since) => HeardAt[gateway] >= since;

    public void Leave(int gateway, long connection)
    {
        Left.Add((gateway, connection));
        if (Connections[gateway] == connection)
            Connections[gateway]++;
    }

    public SendOutcome Send(int gateway, long connection, ReadOnlySpan<byte> request)
    {
        SentTo.Add(gateway);
        using var json = JsonDocument.Parse(request.ToArray());
        Sent.Add((json.RootElement.GetProperty("id").GetInt64(), json.RootElement.GetProperty("timeout_ms").GetInt32()));
        return Outcome;
    }

    public void OnEnded(in EndedRequest request, in ResponseView response) => Ended.Add((request, request.Answered ? response.Status : null));
}
