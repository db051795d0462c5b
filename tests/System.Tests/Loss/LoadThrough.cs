using System.Diagnostics;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;

namespace Shortline.System.Tests.Loss;

/// <summary>
/// Two loads that go on while something happens to a cluster: requests that may be repeated, and requests that must not run twice. Both are
/// judged by the clients' own counts, the second also by what the handlers wrote down.
/// </summary>
internal sealed class LoadThrough(Cluster cluster, ClientTransport transport = ClientTransport.Udp) : IDisposable
{
    private const long Repeated = 1000;
    private const long Once = 5000;

    /// <summary>A second of each load. The processes of a cluster share the machine with the tests.</summary>
    private double Rate { get; } = RateOver(transport);

    /// <summary>A machine that is still busy with the start of everything would have a second's requests in flight.</summary>
    private const int FewInFlight = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly LoadDriver _repeated = cluster.Load(new LoadSettings { StartId = Repeated, Rate = RateOver(transport), Transport = transport });
    private readonly LoadDriver _once = cluster.Load(new LoadSettings { StartId = Once, Rate = RateOver(transport), Idempotent = false, Transport = transport });

    /// <summary>
    /// Lets the load run for a second, does something, and lets it run for a second more. All requests that may be repeated are answered ok
    /// then, none of the others has run twice, and nothing was answered more often than it was sent.
    /// </summary>
    /// <param name="deed">What happens.</param>
    /// <param name="mayLose">Requests that must not run twice and may end without <c>ok</c> for it, because nobody knows whether they ran.</param>
    public async Task Survives(Func<Task> deed, long mayLose)
    {
        var repeated = _repeated.RunAsync(CancellationToken.None);
        var once = _once.RunAsync(CancellationToken.None);
        await OfEachStarted((long)Rate);
        await Until(() => _repeated.Snapshot().InFlight < FewInFlight && _once.Snapshot().InFlight < FewInFlight, "answers keep up with requests");
        await deed();
        await OfEachStarted(_repeated.Snapshot().Started + (long)Rate);
        var end = await Ended(_repeated);
        Assert.True(end.Of(ResponseStatus.Ok) == end.Started && end.NotSent == 0, Describe("Requests that may be repeated were lost", end));
        Assert.True(end.AnsweredTwice == 0, Describe("There were more answers than requests sent", end));

        end = await Ended(_once);
        var runs = cluster.Runs(Once, clients: 1000);
        Assert.True(end.AnsweredTwice == 0, Describe("There were more answers than requests sent", end));
        Assert.True(runs.Values.All(times => times == 1), Describe($"{runs.Values.Count(times => times > 1)} requests ran twice that must not", end));
        Assert.True(runs.Count >= end.Of(ResponseStatus.Ok), Describe($"Only {runs.Count} have run", end));
        Assert.True(end.Started - end.Of(ResponseStatus.Ok) <= mayLose, Describe($"More than {mayLose} were lost", end));

        _repeated.Dispose();
        _once.Dispose();
        await Task.WhenAll(repeated, once).WaitAsync(Limit, TimeProvider.System);
    }

    public void Dispose()
    {
        _repeated.Dispose();
        _once.Dispose();
    }

    /// <remarks>All clients may be with one server at first, which takes 1024 requests at once: at half the rate a machine may stand still for seconds.</remarks>
    private static double RateOver(ClientTransport transport) => transport == ClientTransport.Direct ? 200 : 400;

    private Task OfEachStarted(long requests) =>
        Until(() => _repeated.Snapshot().Started >= requests && _once.Snapshot().Started >= requests, $"{requests} requests of each kind started");

    /// <summary>Starts no more, and waits for what is in flight.</summary>
    private async Task<LoadProgress> Ended(LoadDriver driver)
    {
        driver.Paused = true;
        await Until(() => driver.Snapshot() is { InFlight: 0 } now && now.Started == now.Ended, "every request ended");
        return driver.Snapshot();
    }

    private async Task Until(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
                Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}.\n{cluster.Describe()}");
            await Task.Delay(LookInterval, TimeProvider.System);
        }
    }

    private string Describe(string fault, LoadProgress end) =>
        $"{fault}: {end.Started} started, {string.Join(", ", Enum.GetValues<ResponseStatus>().Select(status => $"{end.Of(status)} {status}"))}, "
        + $"{end.NoAnswer} without an answer, {end.NotSent} not sent, {end.Retries} retries, {end.AnsweredTwice} answered twice; first error: {end.FirstError}\n{cluster.Describe()}";
}
