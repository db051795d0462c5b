namespace Shortline.Playground;

/// <content>What keys do.</content>
internal sealed partial class PlaySession
{
    private const int PageLines = 10;

    private static readonly TimeSpan MessageLife = TimeSpan.FromSeconds(15);

    private volatile Saying _message = new("", 0);

    private long? ChosenClient => View.ChosenClient;

    private string Message =>
        _prompt.IsOpen ? PromptMessage
        : time.GetElapsedTime(_message.At) < MessageLife ? _message.Text
        : "";

    private string PromptMessage => _prompt.Fault.Length > 0 ? _prompt.Fault : $"{RequestText.Allowed}. Enter alone: {_prompt.Usual}. Esc: none.";

    /// <summary>Takes a key: into the line that is typed, if one is; else for what it asks for.</summary>
    public void Press(ConsoleKeyInfo key)
    {
        if (!_prompt.IsOpen)
            Do(KeyMap.ActionOf(key));
        else if (_prompt.Take(key) is { } request)
            Send(request);
    }

    /// <summary>Does what a key asks for. What comes of it is in the view's message once it is known.</summary>
    public void Do(PlayAction action)
    {
        if (action == PlayAction.Quit)
            End();
        else if (Stage == PlayStage.Running)
            Change(action);
    }

    private void Change(PlayAction action)
    {
        switch (action)
        {
            case PlayAction.Up or PlayAction.Down:
                Move(action == PlayAction.Up ? -1 : 1);
                break;
            case PlayAction.PageUp or PlayAction.PageDown:
                Move(action == PlayAction.PageUp ? -PageLines : PageLines);
                break;
            case PlayAction.SwitchList:
                _choosesClients = !_choosesClients;
                break;
            case PlayAction.Request:
                _prompt.Open();
                break;
            case PlayAction.SwitchByHand:
                Say(load.SwitchByHand(_client.Number)
                    ? $"Client {ChosenClient} makes requests by hand: r makes one."
                    : $"Client {ChosenClient} makes requests by itself.");
                break;
            case PlayAction.MoreLoad or PlayAction.LessLoad:
                load.Rate = action == PlayAction.MoreLoad ? LoadSteps.More(load.Rate) : LoadSteps.Less(load.Rate);
                Say($"The clients send {Figures.Rate(load.Rate)} together, if all do so by themselves.");
                break;
            case PlayAction.Pause:
                load.Paused = !load.Paused;
                Say(load.Paused ? "The load is paused." : "The load goes on.");
                break;
            case PlayAction.SwitchOperation:
                load.Operation = load.Operation == Operation.Compute ? Operation.Echo : Operation.Compute;
                Say($"The clients ask for {StatusLines.Describe(load.Operation)}.");
                break;
            case PlayAction.SwitchAlgorithm:
                _ = Report(SwitchAlgorithm);
                break;
            case PlayAction.Add:
                _ = Report(Add);
                break;
            case PlayAction.Drain when _choice.ServerId is { } id:
                _ = Report(async () => await fleet.Drain(id) ? $"Server {id} drains; another one comes if the load needs it." : $"Server {id} cannot be drained: it is not ready, or the last one.");
                break;
            case PlayAction.Kill when _choice.ServerId is { } id:
                _ = Report(async () => await fleet.Kill(id) ? $"Server {id} is killed; its requests go to others." : $"There is no server {id} any more.");
                break;
        }
    }

    private void Say(string message) => _message = new Saying(message, time.GetTimestamp());

    private void Move(int by)
    {
        if (_choosesClients)
            _client.Move(by);
        else
            _choice.Move(View.Servers, by);
    }

    private void Send(PlayRequest request)
    {
        var (number, id) = (_client.Number, ChosenClient);
        Say($"Client {id}: {request.Text} ...");
        _ = Report(async () => $"Client {id}: {SafeText.Of(request.Text, 40)}: {await load.Send(number, request)}");
    }

    private async Task<string> Add() => await fleet.Add() is { } id
        ? $"Server {id} is added."
        : "No server can be added: the fleet is at its largest (server.max_count).";

    private async Task<string> SwitchAlgorithm()
    {
        var names = BalancingPolicies.Names;
        var next = names[(names.ToList().IndexOf(_algorithm) + 1) % names.Count];
        if (!await fleet.SetAlgorithm(next))
            return $"There is no algorithm {next}.";
        _algorithm = next;
        return $"Servers are chosen by {next}.";
    }

    /// <summary>Shows what comes of something that takes a while; a failure too.</summary>
    private async Task Report(Func<Task<string>> change)
    {
        try
        {
            Say(await change());
        }
        catch (Exception failure)
        {
            Say($"That failed: {SafeText.Of(failure.Message, 200)}");
        }
    }

    /// <summary>What came of a key, and when.</summary>
    private sealed record Saying(string Text, long At);
}
