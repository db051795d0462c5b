using Shortline.Client.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Client.Tool.Load;

/// <summary>The figures of one client. Not thread-safe.</summary>
internal sealed class LoadTotals
{
    private readonly LatencyHistogram _latency = new();
    private readonly ServerCounts _servers = new();
    private readonly long[] _statuses = new long[ResponseStatuses.Count];
    private long _noAnswer;
    private string? _firstError;

    public long Ended { get; private set; }

    public void Record(in EndedRequest request, in ResponseView response)
    {
        Ended++;
        if (!request.Answered)
        {
            _noAnswer++;
            return;
        }

        _statuses[(int)response.Status]++;
        _servers.Record(response.ServerId);
        if (response.Status == ResponseStatus.Ok)
            _latency.Record((long)request.Elapsed.TotalNanoseconds);
        else
            _firstError ??= Describe(response);
    }

    /// <summary>Adds this client's figures to a sum.</summary>
    public void AddTo(LoadSum sum)
    {
        sum.Latency.Add(_latency);
        _servers.AddTo(sum.Servers);
        for (var i = 0; i < _statuses.Length; i++)
            sum.Statuses[i] += _statuses[i];
        sum.NoAnswer += _noAnswer;
        sum.FirstError ??= _firstError;
    }

    private static string Describe(in ResponseView response)
    {
        var text = response.Error.IsEmpty ? response.ReasonText() : response.ErrorText();
        return $"{ResponseStatuses.Name(response.Status)}: {(text.Length > 0 ? text : "without a reason")}";
    }
}
