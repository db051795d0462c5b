using Shortline.GrainInterfaces.Requests;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Grains.Servers;

public sealed class ServerAllocationTests
{
    [Fact]
    public void A_batch_of_64_echoes_allocates_only_its_responses()
    {
        var server = new ServerUnderTest().Server;
        var batch = TestRequest.Batch("gateway", Enumerable.Range(0, 64).Select(i => new TestRequest(i, "echo", "\"0123456789\"")));
        var gateway = new RecordingGateway();
        for (var i = 0; i < 100; i++)
            server.Submit(batch, gateway);

        const int Batches = 100;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Batches; i++)
            server.Submit(batch, gateway);

        var perBatch = (GC.GetAllocatedBytesForCurrentThread() - before) / Batches;
        var responses = 64 * System.Runtime.CompilerServices.Unsafe.SizeOf<ClientResponse>() + 64 * 12;
        Assert.InRange(perBatch, responses, responses + 64); // Two arrays with their headers.
    }

    [Fact]
    public void A_batch_that_is_handed_over_directly_allocates_nothing()
    {
        var server = new ServerUnderTest().Server;
        var batch = TestRequest.Batch("gateway", Enumerable.Range(0, 64).Select(i => new TestRequest(i, "echo", "\"0123456789\"")));
        var gateway = new RecordingGateway();
        var memory = new ReceiptMemory();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
                server.Submit(batch, gateway, memory);
        }));
    }
}
