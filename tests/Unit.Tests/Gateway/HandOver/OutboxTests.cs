using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.Destinations;
using Shortline.Gateway.HandOver;
using Shortline.Gateway.Requests;
using Shortline.Protocol.Requests;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.HandOver;

public sealed class OutboxTests
{
    private const int BatchLimit = 3;

    private readonly Clock _clock = new(new FakeTimeProvider());
    private readonly BatchPool _pool = new(BatchLimit);

    private enum Step
    {
        Add,
        Remove,
        Take,
    }

    /// <summary>Against a plain queue: requests leave in order, in batches that are full as long as enough wait, and removed ones never.</summary>
    [Fact]
    public void Requests_leave_in_the_order_in_which_they_came()
    {
        var step = Gen.Frequency((4, Gen.Constant(Step.Add)), (2, Gen.Constant(Step.Remove)), (1, Gen.Constant(Step.Take)));
        Prop.ForAll(step.Zip(Gen.Choose(0, 1000)).ListOf(100).ToArbitrary(), steps =>
        {
            var server = Destination();
            var waiting = new List<PendingRequest>();
            var numbers = 0;
            foreach (var (next, number) in steps)
            {
                if (next == Step.Add)
                {
                    var request = Begin(numbers++);
                    Assign(server, request);
                    waiting.Add(request);
                }
                else if (next == Step.Remove && waiting.Count > 0)
                {
                    var request = waiting[number % waiting.Count];
                    waiting.Remove(request);
                    server.Remove(request);
                    request.Server = null;
                }
                else if (next == Step.Take)
                {
                    CheckTaken(server.Outbox.Take(now: 0, _clock), waiting);
                }

                Assert.Equal(waiting.Count, server.Outbox.Count);
            }

            while (waiting.Count > 0)
                CheckTaken(server.Outbox.Take(now: 0, _clock), waiting);
            Assert.Null(server.Outbox.Take(now: 0, _clock));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_server_without_requests_has_no_batch()
    {
        var server = Destination();
        Assign(server, Begin(0));
        var first = server.Outbox.Take(now: 0, _clock)!;
        _pool.Return(first);

        var other = Destination();
        Assign(other, Begin(1));
        Assert.Same(first, other.Outbox.Take(now: 0, _clock));
    }

    private void CheckTaken(BatchBuffer? batch, List<PendingRequest> waiting)
    {
        if (batch is null)
        {
            Assert.Empty(waiting);
            return;
        }

        Assert.InRange(batch.Count, 1, BatchLimit);
        var requests = batch.ToBatch("test");
        foreach (var request in requests.Requests.ToArray())
        {
            var pending = waiting[0];
            waiting.RemoveAt(0);
            Assert.Equal(pending.Ticket, request.Ticket);
            Assert.Equal($"{pending.Index}", Encoding.ASCII.GetString(requests.IdOf(request)));
            Assert.Equal("echo", Encoding.ASCII.GetString(requests.OperationOf(request)));
            Assert.True(pending.HasLeft);
        }

        _pool.Return(batch);
    }

    private Destination Destination() => new("0", "", isLocal: false, new FakeServer("0"), _pool) { IsCalledDirectly = false };

    private static void Assign(Destination server, PendingRequest request)
    {
        request.Server = server;
        server.Add(request, now: 0);
        Assert.False(request.HasLeft);
    }

    private static PendingRequest Begin(int index)
    {
        var pending = new PendingRequest(index);
        RequestParser.Parse(Encoding.ASCII.GetBytes($$"""{"id":{{index}},"operation":"echo"}"""), out var request);
        pending.Begin(request, request.Id, default, now: 0, deadline: 10_000_000);
        return pending;
    }
}
