using System.Diagnostics;
using Shortline.Client;
using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;

namespace Shortline.System.Tests.Loss;

/// <summary>
/// Two loads that continue while something happens to a cluster: idempotent requests, and requests that must not run twice. The test checks
/// the clients' counts of both, and for the second also the runs that the handlers recorded.
/// </summary>
internal sealed class SteadyLoad : IDisposable
{
    /// <summary>
    /// Client ids that each of the two loads has for itself. Loads on one cluster must differ in them, or the gateway takes their requests
    /// for repeats.
    /// </summary>
    private const int ClientIds = 1000;

    /// <summary>The load is steady below this. While the processes still start, a second's worth of requests may be in flight.</summary>
    private const int FewInFlight = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private static int _made;

    private readonly Cluster _cluster;
    private readonly double _rate;
    private readonly long _firstOnce;
    private readonly LoadDriver _idempotent;
    private readonly LoadDriver _once;

    public SteadyLoad(Cluster cluster, ClientTransport transport = ClientTransport.Udp)
    {
        _cluster = cluster;
        _rate = RateOver(transport);
        var firstIdempotent = 2L * ClientIds * Interlocked.Increment(ref _made);
        _firstOnce = firstIdempotent + ClientIds;
        _idempotent = cluster.Load(new LoadSettings { StartId = firstIdempotent, Rate = _rate, Transport = transport });
        _once = cluster.Load(new LoadSettings { StartId = _firstOnce, Rate = _rate, Idempotent = false, Transport = transport });
    }

    /// <summary>
    /// Runs the load for a second, acts on the cluster, and runs the load for another second. Then asserts that all idempotent requests
    /// were answered ok, that none of the others ran twice, and that no request has more responses than times it was sent.
    /// </summary>
    /// <param name="act">Acts on the cluster.</param>
    /// <param name="mayLose">
    /// The most requests that must not run twice and may end without <c>ok</c>, because the gateway cannot know whether they ran.
    /// </param>
    /// <param name="isCrash">
    /// Whether those that were in flight at any time during <paramref name="act"/> may end so too. How many these are depends on how busy the
    /// machine is.
    /// </param>
    public async Task Survives(Func<Task> act, long mayLose, bool isCrash = false)
    {
        var idempotent = _idempotent.RunAsync(CancellationToken.None);
        var once = _once.RunAsync(CancellationToken.None);
        await OfEachStarted((long)_rate);
        await Until(() => _idempotent.Snapshot().InFlight < FewInFlight && _once.Snapshot().InFlight < FewInFlight, "responses keep up with requests");
        var endedBefore = _once.Snapshot().Ended;
        await act();
        if (isCrash)
            mayLose += _once.Snapshot().Started - endedBefore;
        await OfEachStarted(_idempotent.Snapshot().Started + (long)_rate);
        var end = await Ended(_idempotent);
        Assert.True(end.Of(ResponseStatus.Ok) == end.Started && end.NotSent == 0, Describe("Idempotent requests were lost", end));
        Assert.True(end.AnsweredTwice == 0, Describe("There were more answers than requests sent", end));

        end = await Ended(_once);
        var runs = _cluster.Runs(_firstOnce, clients: ClientIds);
        Assert.True(end.AnsweredTwice == 0, Describe("There were more answers than requests sent", end));
        Assert.True(runs.Values.All(times => times == 1), Describe($"{runs.Values.Count(times => times > 1)} requests ran twice that must not", end));
        Assert.True(runs.Count >= end.Of(ResponseStatus.Ok), Describe($"Only {runs.Count} have run", end));
        Assert.True(end.Started - end.Of(ResponseStatus.Ok) <= mayLose, Describe($"More than {mayLose} were lost", end));

        _idempotent.Dispose();
        _once.Dispose();
        await Task.WhenAll(idempotent, once).WaitAsync(Limit, TimeProvider.System);
    }

    public void Dispose()
    {
        _idempotent.Dispose();
        _once.Dispose();
    }

    /// <summary>Requests a second of each load. It is low, because the processes of the cluster share the machine with the tests.</summary>
    /// <remarks>
    /// Direct clients may all be connected to one server at first, which accepts 1024 requests at once. At half the rate this survives a
    /// pause of the machine of some seconds.
    /// </remarks>
    private static double RateOver(ClientTransport transport) => transport == ClientTransport.Direct ? 200 : 400;

    private Task OfEachStarted(long requests) =>
        Until(() => _idempotent.Snapshot().Started >= requests && _once.Snapshot().Started >= requests, $"{requests} requests of each kind started");

    /// <summary>Starts no more requests, and waits until all have ended.</summary>
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
                Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}.\n{_cluster.Describe()}");
            await Task.Delay(PollInterval, TimeProvider.System);
        }
    }

    private string Describe(string fault, LoadProgress end) =>
        $"{fault}: {end.Started} started, {string.Join(", ", Enum.GetValues<ResponseStatus>().Select(status => $"{end.Of(status)} {status}"))}, "
        + $"{end.NoAnswer} without an answer, {end.NotSent} not sent, {end.Retries} retries, {end.AnsweredTwice} answered twice; first error: {end.FirstError}\n{_cluster.Describe()}";
}
