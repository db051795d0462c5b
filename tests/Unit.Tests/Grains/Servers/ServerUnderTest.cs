using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains;
using Shortline.Grains.Handlers;
using Shortline.Grains.Servers;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.Servers;

/// <summary>A server without its grain. The test advances the clock and runs the grain's turns.</summary>
internal sealed class ServerUnderTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FinishedJobs _finished = new();
    private readonly RecordingGateway _gateway = new();

    public ServerUnderTest(ServerSettings? settings = null, Action<IServiceCollection>? configure = null, bool start = true, ShortlineSettings? all = null)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log)).AddSingleton<TimeProvider>(Time);
        services.AddShortlineGrains(all ?? new ShortlineSettings { Server = settings ?? new ServerSettings() });
        services.AddWorkHandler(HeldHandler.Operation, Held.Handle);
        configure?.Invoke(services);
        var provider = services.BuildServiceProvider();
        Server = new Server(
            "3",
            provider.GetRequiredService<ShortlineSettings>().Server,
            provider.GetRequiredService<Operations>(),
            provider.GetRequiredService<ServerMetrics>(),
            Time,
            _finished);
        if (start)
            Server.Start(incarnation: 1);
    }

    public TimerCountingTimeProvider Time { get; } = new();

    public HeldHandler Held { get; } = new();

    public RecordingLog Log { get; } = new();

    public Server Server { get; }

    /// <summary>Every answer so far, whether returned or pushed.</summary>
    public List<Answer> Answers { get; } = [];

    /// <summary>The last batch of responses.</summary>
    public ResponseBatch LastBatch { get; private set; }

    public ServerResponse Report => Server.Report(new ServerPlace("silo", "S127.0.0.1:11111:1"));

    public ResponseStatus StatusOf(long ticket) => Answers.Single(answer => answer.Ticket == ticket).Status;

    /// <summary>Submits a batch and returns the immediate answers.</summary>
    public IReadOnlyList<Answer> Submit(params TestRequest[] requests) => SubmitFrom("gateway", requests);

    public IReadOnlyList<Answer> SubmitFrom(string gateway, params TestRequest[] requests) => Record(Server.Submit(TestRequest.Batch(gateway, requests), _gateway).Done);

    public void Advance(int milliseconds)
    {
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Server.Tick();
        Push();
    }

    /// <summary>Waits until the handler of a request has begun.</summary>
    public void WaitForHandler(long ticket) => Until(() => Held.HasBegun(ticket), () => $"the handler of request {ticket} begins");

    /// <summary>Lets a handler return, and runs the turn that follows.</summary>
    public void Finish(long ticket, WorkOutcome outcome = default)
    {
        FinishUnpushed(ticket, outcome);
        Push();
    }

    /// <summary>The same without taking the responses of that turn.</summary>
    public void FinishUnpushed(long ticket, WorkOutcome outcome = default)
    {
        WaitForHandler(ticket);
        var before = Server.InService;
        Held.Release(ticket, outcome);
        Until(() => !_finished.IsEmpty, () => $"the handler of request {ticket} returns, {before} are in service");
        Server.Collect();
    }

    /// <summary>Runs turns until a request is answered.</summary>
    public Answer WaitForAnswer(long ticket)
    {
        Until(
            () =>
            {
                Collect();
                return Answers.Exists(answer => answer.Ticket == ticket);
            },
            () => $"request {ticket} is answered");
        return Answers.Single(answer => answer.Ticket == ticket);
    }

    /// <summary>Submits one request and waits for its answer.</summary>
    public Answer Run(string operation, string payload, int timeLeftMs = 1000)
    {
        var ticket = 1_000_000 + Answers.Count;
        Submit(new TestRequest(ticket, operation, payload, timeLeftMs));
        return WaitForAnswer(ticket);
    }

    public void Push()
    {
        foreach (var gateway in Server.Gateways.All)
        {
            if (gateway.Responses.Count > 0)
                Record(Server.Seal(gateway.Responses, gateway));
        }
    }

    public static void Until(Func<bool> condition, Func<string> expectation) =>
        Assert.True(SpinWait.SpinUntil(condition, Limit), $"Not within {Limit.TotalSeconds:0} s: {expectation()}");

    private void Collect()
    {
        Server.Collect();
        Push();
    }

    private List<Answer> Record(ResponseBatch batch)
    {
        List<Answer> answers = [.. Answer.Of(batch)];
        Answers.AddRange(answers);
        LastBatch = batch;
        return answers;
    }
}
