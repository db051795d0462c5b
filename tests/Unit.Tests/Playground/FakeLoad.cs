using Shortline.Client.Tool.Load;
using Shortline.Playground.Clients;

namespace Shortline.Unit.Tests.Playground;

/// <summary>A load with the progress that the test sets, which records the requests made by hand.</summary>
internal sealed class FakeLoad : ILoad
{
    public LoadProgress Progress { get; set; } = Views.Progress(100);

    public double Rate { get; set; } = 100;

    public bool Paused { get; set; }

    public Operation Operation { get; set; }

    public int Clients { get; set; } = 10;

    public double Sending => Paused ? 0 : Rate;

    public HashSet<int> ByHand { get; } = [];

    public List<string> Sent { get; } = [];

    public IReadOnlyList<ClientRow> Rows(int first, int most) =>
        [.. Enumerable.Range(first, Math.Min(most, Clients - first)).Select(client => new ClientRow { Id = 1000 + client, ByHand = ByHand.Contains(client) })];

    public bool SwitchByHand(int client) => ByHand.Add(client) || !ByHand.Remove(client);

    public Task<string> Send(int client, PlayRequest request)
    {
        Sent.Add($"{client}: {request.Text}");
        return Task.FromResult("server 0: ok, 1.00 ms");
    }

    public LoadProgress Snapshot() => Progress;
}
