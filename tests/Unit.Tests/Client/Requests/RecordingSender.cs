using System.Text.Json;
using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Requests;

/// <summary>The socket and the owner of the requests in one: records what a channel sends, and the requests that end.</summary>
internal sealed class RecordingSender : IRequestSender, IRequestOwner
{
    public List<(long Id, int TimeoutMs)> Sent { get; } = [];

    public List<(EndedRequest Request, ResponseStatus? Status)> Ended { get; } = [];

    /// <summary>The gateway of each entry in <see cref="Sent"/>.</summary>
    public List<int> SentTo { get; } = [];

    /// <summary>The token of each entry in <see cref="Sent"/>; null if it has none.</summary>
    public List<string?> Tokens { get; } = [];

    public SendOutcome Outcome { get; set; }

    public int Gateways { get; init; } = 1;

    public bool HasConnections { get; init; }

    /// <summary>The number of each gateway's connection.</summary>
    public long[] Connections { get; } = [1, 1];

    /// <summary>The gateways whose connections were probed.</summary>
    public List<int> Probed { get; } = [];

    /// <summary>Happens while the next request is being sent, as other threads may do.</summary>
    public Action? DuringSend { get; set; }

    /// <summary>The connections that were left.</summary>
    public List<(int Gateway, long Connection)> Left { get; } = [];

    /// <summary>When each gateway was last heard from.</summary>
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
        Tokens.Add(json.RootElement.TryGetProperty("token", out var token) ? token.GetString() : null);
        var during = DuringSend;
        DuringSend = null;
        during?.Invoke();
        return Outcome;
    }

    public void OnEnded(in EndedRequest request, in ResponseView response) => Ended.Add((request, request.Answered ? response.Status : null));
}
