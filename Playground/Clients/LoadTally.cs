using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Clients;

/// <summary>
/// The figures of several clients. The load has a few tallies rather than one histogram for each client. Thread-safe.
/// </summary>
internal sealed class LoadTally
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly Dictionary<string, long> _servers = new(StringComparer.Ordinal);
    private readonly long[] _statuses = new long[ResponseStatuses.Count];
    private long _started;
    private long _noAnswer;
    private long _notSent;
    private long _retries;
    private string? _firstError;

    public void Start(ClientFigures client, PlayRequest request, bool byHand)
    {
        lock (_lock)
        {
            _started++;
            client.Start(request, byHand);
        }
    }

    public void End(ClientFigures client, PlayRequest request, in Reply reply, TimeSpan elapsed)
    {
        lock (_lock)
        {
            client.End(request, reply, elapsed);
            _retries += Math.Max(0, reply.TimesSent - 1);
            if (reply.Status is { } status)
                Answered(status, reply, elapsed);
            else if (reply.TimesSent == 0)
                _notSent++;
            else
                _noAnswer++;
        }
    }

    public ClientRow RowOf(ClientFigures client, long id, bool byHand)
    {
        lock (_lock)
            return client.ToRow(id, byHand);
    }

    public void AddTo(LoadTallySum sum)
    {
        lock (_lock)
        {
            sum.Latency.Add(_latency);
            foreach (var (server, count) in _servers)
                sum.Servers[server] = sum.Servers.GetValueOrDefault(server) + count;
            for (var i = 0; i < _statuses.Length; i++)
                sum.Statuses[i] += _statuses[i];
            sum.Started += _started;
            sum.NoAnswer += _noAnswer;
            sum.NotSent += _notSent;
            sum.Retries += _retries;
            sum.FirstError ??= _firstError;
        }
    }

    private void Answered(ResponseStatus status, in Reply reply, TimeSpan elapsed)
    {
        _statuses[(int)status]++;
        if (reply.ServerId is { } server)
            _servers[server] = _servers.GetValueOrDefault(server) + 1;
        if (reply.IsOk)
            _latency.Record((long)elapsed.TotalNanoseconds);
        else
            _firstError ??= $"{ResponseStatuses.Name(status)}: {reply.Error}";
    }
}
