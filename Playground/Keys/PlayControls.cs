using Shortline.Balancing.Choosing;
using Shortline.Hosting.Text;
using Shortline.Playground.Clients;
using Shortline.Playground.Run;
using Shortline.Playground.Screen;

namespace Shortline.Playground.Keys;

/// <summary>
/// Carries out what keys ask for, and keeps what they choose: the list, the server, the client, the request that is typed, the algorithm.
/// </summary>
internal sealed class PlayControls(IFleet fleet, ILoad load, string algorithm, TimeProvider time)
{
    private const int PageLines = 10;

    private static readonly TimeSpan MessageLifetime = TimeSpan.FromSeconds(15);

    private readonly ServerChoice _server = new();
    private readonly ClientChoice _client = new(load.Clients);
    private readonly RequestPrompt _prompt = new();
    private IReadOnlyList<ServerRow> _servers = [];
    private string _algorithm = algorithm;
    private bool _choosesClients;
    private volatile TimedMessage _message = new("", 0);

    /// <summary>The algorithm that chooses servers.</summary>
    public string Algorithm => _algorithm;

    /// <summary>The id of the chosen server; null if there is no server.</summary>
    public string? ServerId => _server.ServerId;

    /// <summary>Whether the arrow keys choose among the clients rather than the servers.</summary>
    public bool ChoosesClients => _choosesClients;

    /// <summary>The request that is being typed; null if the prompt is closed.</summary>
    public string? Prompt => _prompt.IsOpen ? _prompt.Text : null;

    /// <summary>The outcome of the last key, for a while, or the hint of the prompt.</summary>
    public string Message =>
        _prompt.IsOpen ? PromptMessage
        : time.GetElapsedTime(_message.At) < MessageLifetime ? _message.Text
        : "";

    private string PromptMessage => _prompt.Fault.Length > 0 ? _prompt.Fault : $"{RequestText.Allowed}. Enter alone: {_prompt.Usual}. Esc: none.";

    /// <summary>Takes the servers of now, among which keys choose.</summary>
    public void Update(IReadOnlyList<ServerRow> servers)
    {
        _servers = servers;
        _server.Update(servers);
    }

    /// <summary>The clients around the chosen one.</summary>
    /// <param name="most">Clients at most.</param>
    /// <param name="chosen">The id of the chosen client; null if there is none.</param>
    public IReadOnlyList<ClientRow> ClientsAround(int most, out long? chosen)
    {
        var first = _client.FirstOf(most);
        var rows = load.Rows(first, most);
        chosen = rows.Count == 0 ? null : rows[_client.Number - first].Id;
        return rows;
    }

    /// <summary>Passes a key to the prompt if it is open.</summary>
    /// <returns>The action of the key if the prompt is closed, else none.</returns>
    public PlayAction Press(ConsoleKeyInfo key)
    {
        if (!_prompt.IsOpen)
            return KeyMap.ActionOf(key);
        if (_prompt.Take(key) is { } request)
            Send(request);
        return PlayAction.None;
    }

    /// <summary>Carries out an action while the load runs. <see cref="Message"/> tells the outcome once it is known.</summary>
    public void Do(PlayAction action)
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
                    ? $"Client {ClientId} makes requests by hand: r makes one."
                    : $"Client {ClientId} makes requests by itself.");
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
            case PlayAction.Drain when ServerId is { } id:
                _ = Report(async () => await fleet.Drain(id) ? $"Server {id} drains; another one comes if the load needs it." : $"Server {id} cannot be drained: it is not ready, or the last one.");
                break;
            case PlayAction.Kill when ServerId is { } id:
                _ = Report(async () => await fleet.Kill(id) ? $"Server {id} is killed; its requests go to others." : $"There is no server {id} any more.");
                break;
        }
    }

    /// <summary>Shows a message for a while.</summary>
    public void Say(string message) => _message = new TimedMessage(message, time.GetTimestamp());

    /// <summary>Closes the prompt without sending.</summary>
    public void ClosePrompt() => _prompt.Close();

    private long? ClientId => load.Rows(_client.Number, 1) is [var row, ..] ? row.Id : null;

    private void Move(int by)
    {
        if (_choosesClients)
            _client.Move(by);
        else
            _server.Move(_servers, by);
    }

    private void Send(PlayRequest request)
    {
        var (number, id) = (_client.Number, ClientId);
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

    /// <summary>Shows the outcome of a change that takes a while, or its failure.</summary>
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

    /// <summary>A message and the timestamp from which it is shown.</summary>
    private sealed record TimedMessage(string Text, long At);
}
