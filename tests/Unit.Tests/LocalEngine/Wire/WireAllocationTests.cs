using Shortline.GrainInterfaces;
using Shortline.LocalEngine;

namespace Shortline.Unit.Tests.LocalEngine.Wire;

public class WireAllocationTests
{
    private const int Requests = 64;
    private const int Rounds = 100;

    private static readonly RequestBatch Batch = new()
    {
        GatewayId = "gateway-1",
        Requests = Enumerable.Range(0, Requests).Select(index => new ClientRequest
        {
            Ticket = 1_000_000 + index,
            Offset = 30 * index,
            IdLength = 6,
            OperationLength = 4,
            PayloadLength = 20,
            ClientId = 1000 + index,
            TimeLeftMs = 1000,
        }).ToArray(),
        Bytes = new byte[30 * Requests],
    };

    [Fact]
    public void Writing_a_batch_allocates_nothing()
    {
        var writer = new WireWriter();

        Assert.Equal(0, AllocatedBy(() =>
        {
            writer.Clear();
            Codec<RequestBatch>.Write(writer, Batch);
        }));
    }

    [Fact]
    public void Reading_a_batch_allocates_its_two_arrays_and_its_text()
    {
        var bytes = WireType.Of(typeof(RequestBatch)).Write(Batch);
        var reader = new WireReader();
        object? kept = null;
        var needed = AllocatedBy(() => kept = new ClientRequest[Requests]) + AllocatedBy(() => kept = new byte[30 * Requests])
            + AllocatedBy(() => kept = new string('x', Batch.GatewayId.Length));

        Assert.Equal(needed, AllocatedBy(() =>
        {
            reader.Reset(bytes, 0, bytes.Length);
            Codec<RequestBatch>.Read(reader);
        }));
        Assert.NotNull(kept);
    }

    [Fact]
    public void A_request_takes_about_ten_bytes() =>
        Assert.InRange((WireType.Of(typeof(RequestBatch)).Write(Batch).Length - Batch.Bytes.Length) / Requests, 8, 12);

    private static long AllocatedBy(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
