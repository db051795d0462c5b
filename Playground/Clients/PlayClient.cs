using Microsoft.Extensions.Logging;
using Shortline.Client;
using Shortline.Hosting.Logs;

namespace Shortline.Playground.Clients;

/// <summary>Sends a request and returns its outcome.</summary>
internal delegate ValueTask<Reply> SendPlayRequest(PlayRequest request);

/// <summary>
/// One client: an independent loop with its own id and socket. By itself it sends requests at its pace without waiting for answers, so that
/// queues form in the fleet and not in the clients. By hand it sends the requests that the user types.
/// </summary>
internal sealed partial class PlayClient : IDisposable
{
    /// <summary>
    /// A timer that is late by less than this does not count. Beyond it, latency counts from the time at which a request was due.
    /// </summary>
    private static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>Requests that a client which is behind sends before other clients run.</summary>
    private const int BurstLimit = 64;

    private readonly Lock _lock = new();
    private readonly ClientFigures _figures = new();
    private readonly LoadTally _tally;
    private readonly LoadControl _control;
    private readonly Conversation? _conversation;
    private readonly SendPlayRequest _send;
    private readonly TimeProvider _time;
    private readonly ClientPace _pace;
    private readonly ITimer _timer;
    private readonly ILogger _log;
    private readonly RateLimitedLog<string> _failures;
    private uint _nextRequest;
    private bool _byHand;
    private bool _ended;

    public PlayClient(long id, LoadControl control, LoadTally tally, Conversation? conversation, SendPlayRequest send, TimeProvider time, ILogger log)
    {
        Id = id;
        _control = control;
        _tally = tally;
        _conversation = conversation;
        _send = send;
        _time = time;
        _log = log;
        _failures = new RateLimitedLog<string>(time, TimeSpan.FromSeconds(1));
        _nextRequest = (uint)id * 2654435761; // a multiplicative hash (Knuth), so that clients start at different requests
        _pace = new ClientPace(time.TimestampFrequency, new Random((int)_nextRequest));
        _timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The client id, which requests carry.</summary>
    public long Id { get; }

    /// <summary>Whether the client sends requests only by hand.</summary>
    public bool ByHand
    {
        get => Volatile.Read(ref _byHand);
        set
        {
            Volatile.Write(ref _byHand, value);
            Run();
        }
    }

    /// <summary>The row of the client in the table.</summary>
    public ClientRow Row => _tally.RowOf(_figures, Id, ByHand);

    /// <summary>
    /// Runs the loop once: sends the requests that are due and sets the timer for the next one. Called also when rate or mode has changed.
    /// </summary>
    public void Run()
    {
        lock (_lock)
        {
            if (_ended)
                return;
            if (_byHand || !_control.Runs)
            {
                _pace.Restart();
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var rate = _control.RatePerClient;
            for (var i = 0; i < BurstLimit && _pace.TryTake(_time.GetTimestamp(), rate, out var dueAt); i++)
                _ = Exchange(_control.Next(ref _nextRequest), dueAt, _conversation?.Follows() == true);
            var wait = _pace.Wait(_time.GetTimestamp(), rate);
            _timer.Change(wait > ShortestWait ? wait : ShortestWait, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Sends a request by hand, in both modes.</summary>
    /// <returns>The outcome as text.</returns>
    public async Task<string> Send(PlayRequest request)
    {
        var (reply, elapsed) = await Exchange(request, _time.GetTimestamp(), followed: true, byHand: true);
        var server = reply.ServerId is { } id ? $"server {id}: " : "";
        var result = AnswerText.Result(request, reply);
        return $"{server}{AnswerText.Of(reply, elapsed)}{(result.Length > 0 ? $"  {result}" : "")}";
    }

    /// <summary>Ends the loop.</summary>
    public void Dispose()
    {
        lock (_lock)
            _ended = true;
        _timer.Dispose();
    }

    private async Task<(Reply Reply, TimeSpan Elapsed)> Exchange(PlayRequest request, long dueAt, bool followed, bool byHand = false)
    {
        var late = _time.GetElapsedTime(dueAt);
        _tally.Start(_figures, request, byHand);
        if (followed)
            _conversation?.Add(ConversationKind.Request, request.Text, Id);
        Reply reply;
        try
        {
            reply = await _send(request);
        }
        catch (ObjectDisposedException)
        {
            reply = new Reply { Error = "the client has ended" };
        }

        var elapsed = reply.Elapsed + (late > TimerGrain ? late : TimeSpan.Zero);
        _tally.End(_figures, request, reply, elapsed);
        if (followed)
            _conversation?.Add(reply.IsOk ? ConversationKind.Answer : ConversationKind.Failure, AnswerText.Of(reply, elapsed), Id, reply.ServerId);
        if (!reply.IsOk)
            LogFailure(request, reply, elapsed);
        return (reply, elapsed);
    }
}
