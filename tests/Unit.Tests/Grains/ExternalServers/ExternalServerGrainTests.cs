using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shortline.GrainInterfaces.ExternalServers;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Hosting.Settings;
using Shortline.Protocol.ExternalServers;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Grains.Servers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Grains.ExternalServers;

/// <summary>One silo whose timeout for external servers is longer than a test.</summary>
public sealed class LongTimeoutSilo() : ServerSilos(ExternalServerGrainTests.Settings(timeoutMs: 60_000));

/// <summary>One silo with a short timeout for external servers.</summary>
public sealed class ShortTimeoutSilo() : ServerSilos(ExternalServerGrainTests.Settings(timeoutMs: 800));

/// <summary>The grain of an external server, which a fake represents.</summary>
public sealed class ExternalServerGrainTests(LongTimeoutSilo longTimeout, ShortTimeoutSilo shortTimeout) : IClassFixture<LongTimeoutSilo>, IClassFixture<ShortTimeoutSilo>
{
    private const string Id = "ext-7";

    [Fact]
    public async Task The_first_report_starts_the_grain_which_forwards_requests()
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer();
        var report = await SendReport(cluster, external.Report() with { Concurrency = 2, Weight = 3, QueueLength = 4 });
        Assert.Equal((Id, ServerStatus.Ready, true, false), (report.Identity, report.Status, report.IsExternal, report.IsLocateOnly));
        Assert.Equal((2, 3, 4, "", 0), (report.Concurrency, report.Weight, report.QueueLength, report.Host, report.Port));

        await Submit(cluster, new TestRequest(1, "anything", """{"a":[1]}""", 60_000));
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal((ResponseStatus.Ok, """{"a":[1]}"""), (cluster.Gateway.Answers[0].Status, cluster.Gateway.Answers[0].Body));
        var request = Assert.Single(external.Requests);
        Assert.Equal(("anything", 7), (request.GetProperty("operation").GetString(), request.GetProperty("client_id").GetInt32()));
        Assert.InRange(request.GetProperty("timeout_ms").GetInt32(), 1, 60_000);
    }

    [Theory]
    [InlineData("\"status\":\"ok\"", ResponseStatus.Ok, "null")]
    [InlineData("\"status\":\"error\",\"error\":\"it \\\"broke\\\"\"", ResponseStatus.Error, "it \"broke\"")]
    [InlineData("\"status\":\"invalid\",\"error\":\"no such thing\"", ResponseStatus.Invalid, "no such thing")]
    [InlineData("\"status\":\"expired\",\"error\":\"late\"", ResponseStatus.Expired, "late")]
    [InlineData("\"status\":\"rejected\",\"reason\":\"queue_full\"", ResponseStatus.Rejected, "queue_full")]
    [InlineData("\"status\":\"lost\",\"error\":\"gone\"", ResponseStatus.Error, "lost: gone")]
    [InlineData(
        "\"status\":\"verify\",\"token\":\"x\"", ResponseStatus.Error, "the external server wants a proof of address, which Shortline does not give")]
    public async Task The_answer_of_the_external_server_becomes_the_clients_answer(string members, ResponseStatus status, string body)
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer { Work = _ => members };
        await SendReport(cluster, external.Report());
        await Submit(cluster, new TestRequest(1, "work", TimeLeftMs: 60_000));
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal((status, body), (cluster.Gateway.Answers[0].Status, cluster.Gateway.Answers[0].Body));
        Assert.Equal(status == ResponseStatus.Rejected ? RejectReason.QueueFull : RejectReason.None, cluster.Gateway.Answers[0].Reason);
    }

    [Theory]
    [InlineData("\"status\":\"fine\"", "its 'status' has a wrong type or value")]
    [InlineData("\"result\":1", "it has no 'status'")]
    [InlineData("\"status\":\"ok\",", "it is not JSON")]
    public async Task An_answer_that_cannot_be_read_is_logged(string members, string reason)
    {
        await using var cluster = longTimeout.NewPool();
        using var log = new RecordingLog();
        cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using var external = new FakeExternalServer { Work = _ => members };
        await SendReport(cluster, external.Report());
        await Submit(cluster, new TestRequest(1, "work", TimeLeftMs: 60_000));
        await Eventually.True(
            () => log.Lines.Any(line => line.StartsWith($"The external server at 127.0.0.1:{external.Port} answered what cannot be read: {reason}", StringComparison.Ordinal)),
            () => $"the answer is logged; these lines are: {string.Join('\n', log.Lines)}");
    }

    [Fact]
    public async Task An_answer_to_a_probe_other_than_alive_is_logged()
    {
        await using var cluster = longTimeout.NewPool();
        using var log = new RecordingLog();
        cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using var external = new FakeTextServer { Answer = "hello" };
        await cluster.External(external.Report().Id).TakeReport(external.Report(), 0);
        await Eventually.True(
            () => log.Lines.Any(line => line.StartsWith($"The external server at {external.EndPoint} answered test_response_time with 'hello'", StringComparison.Ordinal)),
            () => $"the answer is logged; these lines are: {string.Join('\n', log.Lines)}");
    }

    [Fact]
    public async Task The_external_server_gets_as_many_requests_as_its_concurrency_and_the_others_wait()
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer { Work = _ => null };
        await SendReport(cluster, external.Report() with { Concurrency = 2 });
        await Submit(cluster, [.. Enumerable.Range(1, 5).Select(ticket => new TestRequest(ticket, "work", $"{ticket}", 60_000))]);
        await Eventually.True(() => external.Requests.Count == 2, "two requests arrive at the external server");
        var status = await cluster.Server(Id).GetStatus();
        Assert.Equal((3, 2), (status.QueueLength, status.InService));

        external.Answer(external.Requests.First(), "\"status\":\"ok\",\"result\":1");
        await Eventually.True(() => external.Requests.Count == 3, "the third request arrives at the external server");
    }

    [Fact]
    public async Task An_unanswered_request_expires_and_frees_its_place()
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer { Work = request => request.GetProperty("operation").GetString() == "lost" ? null : "\"status\":\"ok\"" };
        await SendReport(cluster, external.Report());
        await Submit(cluster, new TestRequest(1, "lost", TimeLeftMs: 50), new TestRequest(2, "work", TimeLeftMs: 60_000));
        await Eventually.True(() => cluster.Gateway.Answers.Count == 2, "both requests are answered");
        Assert.Equal([ResponseStatus.Expired, ResponseStatus.Ok], cluster.Gateway.Answers.Select(answer => answer.Status));
    }

    [Fact]
    public async Task A_silent_external_server_is_ejected_with_its_requests_and_readmitted_when_it_reports()
    {
        await using var cluster = shortTimeout.NewPool();
        using var external = new FakeExternalServer { Work = _ => null };
        var started = await SendReport(cluster, external.Report());
        await Submit(cluster, new TestRequest(1, "work", TimeLeftMs: 60_000), new TestRequest(2, "work", TimeLeftMs: 60_000));

        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the waiting request is rejected");
        Assert.Equal((2, RejectReason.Draining), (cluster.Gateway.Answers[0].Ticket, cluster.Gateway.Answers[0].Reason));
        await Eventually.True(
            () => cluster.Reports.All.Last() is { Status: ServerStatus.Failed, InService: 0 } last && last.Incarnation > started.Incarnation,
            "the request in service is given up");

        external.Work = _ => "\"status\":\"ok\"";
        await Eventually.True(async () => (await SendReport(cluster, external.Report())).Status == ServerStatus.Ready, "the external server is readmitted");
        await Submit(cluster, new TestRequest(3, "work"));
        await Eventually.True(() => cluster.Gateway.Answers.Any(answer => answer is { Ticket: 3, Status: ResponseStatus.Ok }), "the external server answers a request again");
    }

    [Fact]
    public async Task An_external_server_that_answers_no_probes_is_ejected_until_it_answers_again()
    {
        await using var cluster = shortTimeout.NewPool();
        using var external = new FakeExternalServer();
        await Eventually.True(async () => (await SendReport(cluster, external.Report())).ResponseTimeMs > 0, "a response time is measured");
        external.IsAlive = false;
        await Eventually.True(async () => (await SendReport(cluster, external.Report())).Status == ServerStatus.Failed, "the external server is ejected");
        external.IsAlive = true;
        await Eventually.True(async () => (await SendReport(cluster, external.Report())).Status == ServerStatus.Ready, "the external server is readmitted");
    }

    [Fact]
    public async Task An_external_server_is_removed_after_a_long_silence()
    {
        await using var cluster = await ServerCluster.Start(Settings(timeoutMs: 100));
        using var external = new FakeExternalServer();
        await SendReport(cluster, external.Report());
        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Stopped, "the grain reports that the external server has stopped");
    }

    [Fact]
    public async Task A_report_that_follows_a_later_incarnation_gives_the_grain_a_new_incarnation()
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer();
        var started = await SendReport(cluster, external.Report());
        var again = await cluster.External(Id).TakeReport(external.Report(), started.Incarnation + 1_000_000);
        Assert.Equal((ServerStatus.Ready, started.Incarnation + 1_000_001), (again.Status, again.Incarnation));
        Assert.Equal(again.Incarnation, (await SendReport(cluster, external.Report())).Incarnation);
    }

    [Fact]
    public async Task An_external_server_that_drains_finishes_its_requests_and_leaves()
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer { Work = _ => null };
        await SendReport(cluster, external.Report());
        await Submit(cluster, new TestRequest(1, "work", TimeLeftMs: 60_000));
        await Eventually.True(() => external.Requests.Count == 1, "the request arrives at the external server");
        Assert.Equal(ServerStatus.Draining, (await SendReport(cluster, external.Report() with { Status = ExternalStatus.Draining })).Status);

        // It has not left yet, so it may revoke the drain.
        Assert.Equal(ServerStatus.Ready, (await SendReport(cluster, external.Report())).Status);
        await SendReport(cluster, external.Report() with { Status = ExternalStatus.Draining });
        external.Answer(external.Requests.First(), "\"status\":\"ok\"");
        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Stopped, "the grain reports that the external server has stopped");

        // The answer reaches the gateway on another path than the report, so it may come later.
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal(ResponseStatus.Ok, Assert.Single(cluster.Gateway.Answers).Status);
    }

    [Fact]
    public async Task Another_external_server_with_the_same_identity_is_ignored_while_the_first_one_reports()
    {
        await using var cluster = shortTimeout.NewPool();
        using var first = new FakeExternalServer();
        using var second = new FakeExternalServer { Work = _ => "\"status\":\"ok\",\"result\":2" };
        await SendReport(cluster, first.Report());
        await SendReport(cluster, second.Report());
        await Submit(cluster, new TestRequest(1, "work", "1", 60_000));
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal("1", cluster.Gateway.Answers[0].Body);

        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Failed, "the first external server is ejected");
        await Eventually.True(async () => (await SendReport(cluster, second.Report())).Status == ServerStatus.Ready, "the second external server is admitted");
        await Submit(cluster, new TestRequest(2, "work", "1", 60_000));
        await Eventually.True(() => cluster.Gateway.Answers.Any(answer => answer is { Ticket: 2, Body: "2" }), "the second external server answers");
    }

    [Fact]
    public async Task An_answer_from_another_address_is_ignored()
    {
        await using var cluster = longTimeout.NewPool();
        using var external = new FakeExternalServer { Work = _ => null };
        using var other = new FakeExternalServer();
        await SendReport(cluster, external.Report());
        await Submit(cluster, new TestRequest(1, "work", TimeLeftMs: 60_000));
        await Eventually.True(() => external.Requests.Count == 1, "the request arrives at the external server");
        external.AnswerThrough(other, external.Requests.First(), "\"status\":\"ok\",\"result\":\"forged\"");
        external.Answer(external.Requests.First(), "\"status\":\"ok\",\"result\":\"true\"");
        await Eventually.True(() => cluster.Gateway.Answers.Count == 1, "the request is answered");
        Assert.Equal("\"true\"", cluster.Gateway.Answers[0].Body);
    }

    [Fact]
    public async Task A_server_of_the_text_protocol_is_ready_while_it_answers_probes()
    {
        await using var cluster = shortTimeout.NewPool();
        var external = new FakeTextServer();
        var report = external.Report();
        var started = await cluster.External(report.Id).TakeReport(report, 0);
        Assert.Equal((ServerStatus.Failed, true, true), (started.Status, started.IsExternal, started.IsLocateOnly));
        await Eventually.True(
            () => cluster.Reports.All.Last() is { Status: ServerStatus.Ready, Host: "127.0.0.1", ResponseTimeMs: > 0 } last && last.Port == report.Port, "the text server is ready");

        external.Dispose();
        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Failed, "three probes stay unanswered");
        using var again = new FakeTextServer(report.Port);
        await Eventually.True(() => cluster.Reports.All.Last().Status == ServerStatus.Ready, "the text server is readmitted");

        Assert.Equal(ServerStatus.Stopped, (await cluster.External(report.Id).TakeReport(report with { Status = ExternalStatus.Stopped }, 0)).Status);
    }

    /// <summary>Settings with a short drain timeout, so that requests that are never answered do not hold up the end of a test.</summary>
    internal static ShortlineSettings Settings(int timeoutMs) => new() { LoadBalancer = new() { ExternalTimeoutMs = timeoutMs }, Server = new() { DrainTimeoutMs = 50 } };

    private static Task<ServerResponse> SendReport(ServerCluster cluster, ExternalReport report) => cluster.External(report.Id).TakeReport(report, 0);

    private static async Task Submit(ServerCluster cluster, params TestRequest[] requests) =>
        Assert.Empty(Answer.Of((await cluster.Server(Id).Submit(TestRequest.Batch("gateway", requests), cluster.ReplyTo)).Done));
}
