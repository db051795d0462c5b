using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Memory;

namespace Shortline.Unit.Tests.Protocol;

public sealed class ProtocolAllocationTests
{
    private const int Rounds = 1000;
    private readonly byte[] _buffer = new byte[1024];

    [Fact]
    public void Reading_a_request_allocates_nothing() =>
        AllocatesNothing(() => RequestParser.Parse("""{"id":"42","client_id":1000,"operation":"echo","payload":{"any":"\n"},"timeout_ms":1000}"""u8, out _));

    [Fact]
    public void Reading_an_invalid_request_allocates_nothing()
    {
        AllocatesNothing(() => RequestParser.Parse("""{"id":"42","client_id":"x","operation":"ec ho","payload":{"any":"json"]"""u8, out _));
        AllocatesNothing(() => RequestParser.Parse("GET / HTTP/1.1"u8, out _));
    }

    [Fact]
    public void Writing_a_request_allocates_nothing() =>
        AllocatesNothing(() => RequestWriter.Write(_buffer, new Request { Id = 5, ClientId = 3, Operation = "echo"u8, Payload = "[]"u8, TimeoutMs = 9 }));

    [Fact]
    public void Writing_a_response_allocates_nothing() =>
        AllocatesNothing(() => ResponseWriter.Write(
            _buffer,
            new Response { Id = "42"u8, Status = ResponseStatus.Error, Error = "it \"failed\""u8, ServerId = "3"u8, ElapsedMicroseconds = 1234 }));

    [Fact]
    public void Reading_a_response_allocates_nothing() =>
        AllocatesNothing(() => Assert.True(ResponseParser.TryParse(
            """{"id":42,"client_id":1000,"status":"ok","server_id":"3","queue_length":2,"result":{"any":"json"},"elapsed_ms":0.41}"""u8, out _)));

    private static void AllocatesNothing(Action action) => Assert.Equal(0, Allocation.Of(() =>
    {
        for (var i = 0; i < Rounds; i++)
            action();
    }));
}
