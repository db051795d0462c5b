using Shortline.Client;

namespace Shortline.Playground.Clients;

/// <summary>The figures of one client. Guarded by the lock of its <see cref="LoadTally"/>.</summary>
internal sealed class ClientFigures
{
    private PlayRequest? _request;
    private Reply? _reply;
    private TimeSpan _elapsed;
    private long _started;
    private long _ended;
    private long _ok;
    private TimeSpan _okTime;

    public void Start(PlayRequest request, bool byHand)
    {
        _started++;

        // Requests that follow each other within milliseconds are shown only once they are answered.
        if (byHand)
            (_request, _reply) = (request, null);
    }

    public void End(PlayRequest request, in Reply reply, TimeSpan elapsed)
    {
        _ended++;

        // The table does not show the result, which may be large.
        (_request, _reply, _elapsed) = (request, reply with { Result = default }, elapsed);
        if (!reply.IsOk)
            return;
        _ok++;
        _okTime += elapsed;
    }

    public ClientRow ToRow(long id, bool byHand) => new()
    {
        Id = id,
        ByHand = byHand,
        Request = _request?.Text ?? "",
        Answer = _reply is { } reply ? (reply.ServerId is { } server ? $"server {server}: " : "") + AnswerText.Of(reply, _elapsed) : "",
        IsOk = _reply is { IsOk: true },
        Ended = _ended,
        InFlight = _started - _ended,
        Mean = _ok == 0 ? null : _okTime / _ok,
    };
}
