using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Protocol;

public sealed class RequestPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void Random_bytes_are_judged_like_the_reference_parser_does() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), AgreesWithTheReference).Check(Many);

    [Fact]
    public void Random_pieces_of_JSON_are_judged_like_the_reference_parser_does() => Prop.ForAll(JsonPieces.Soup(), AgreesWithTheReference).Check(Many);

    [Fact]
    public void Mutated_requests_are_judged_like_the_reference_parser_does() =>
        Prop.ForAll(JsonPieces.Mutated(), AgreesWithTheReference).Check(Many);

    [Fact]
    public void A_written_request_is_read_back() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<long>(),
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            ArbMap.Default.ArbFor<(string? Payload, bool Idempotent, long Client)>(),
            (id, timeout, rest) =>
            {
                var payload = rest.Payload is null ? [] : JsonSerializer.SerializeToUtf8Bytes(rest.Payload);
                var client = Math.Max(-1, rest.Client);
                var priority = timeout.Get % (RequestParser.HighestPriority + 1);
                var buffer = new byte[1024 + payload.Length];

                var length = RequestWriter.Write(buffer, new Request
                {
                    Id = id,
                    ClientId = client,
                    Operation = "echo"u8,
                    Payload = payload,
                    TimeoutMs = timeout.Get,
                    Idempotent = rest.Idempotent,
                    Priority = priority,
                });

                return RequestParser.Parse(buffer.AsSpan(0, length), out var read) == InvalidReason.None
                    && long.Parse(Encoding.UTF8.GetString(read.Id)) == id
                    && read.HasClientId == (client >= 0)
                    && read.ClientId == Math.Max(0, client)
                    && read.Operation.SequenceEqual("echo"u8)
                    && read.Payload.SequenceEqual(payload)
                    && read.TimeoutMs == timeout.Get
                    && read.Idempotent == rest.Idempotent
                    && read.Priority == priority;
            }).Check(Many);

    [Fact]
    public void A_token_is_read_back_and_anything_but_a_string_counts_as_none()
    {
        var buffer = new byte[256];
        var head = RequestWriter.WriteHead(buffer, 1, 100, "abc-_"u8);
        var tail = RequestWriter.WriteTail(buffer.AsSpan(head), new Request { Id = 1, Operation = "echo"u8 });

        Assert.Equal(InvalidReason.None, RequestParser.Parse(buffer.AsSpan(0, head + tail), out var read));
        Assert.Equal("abc-_"u8, read.Token);
        foreach (var token in (string[])["1", "null", "true", "{}", "[\"abc\"]"])
        {
            Assert.Equal(InvalidReason.None, RequestParser.Parse(Encoding.UTF8.GetBytes($$"""{"id":1,"operation":"x","token":{{token}}}"""), out read));
            Assert.True(read.Token.IsEmpty);
        }
    }

    [Fact]
    public void A_request_that_does_not_fit_is_not_written()
    {
        var request = new Request { Id = 1234, ClientId = 5, Operation = "echo"u8, Payload = "[1]"u8, TimeoutMs = 10, Idempotent = false };
        var length = RequestWriter.Write(new byte[200], request);
        for (var room = 0; room < length; room++)
            Assert.Equal(-1, RequestWriter.Write(new byte[room], request));
        Assert.Equal(length, RequestWriter.Write(new byte[length], request));
    }

    private static bool AgreesWithTheReference(byte[] datagram)
    {
        var reason = RequestParser.Parse(datagram, out var request);
        if (!Utf8.IsValid(datagram))
            return reason == InvalidReason.NotUtf8;
        var json = reason is not (InvalidReason.Empty or InvalidReason.NotJson or InvalidReason.TrailingText or InvalidReason.TooDeep or InvalidReason.ByteOrderMark);
        using var document = Parse(datagram);
        if (document is null || !json)
            return document is null && !json;
        if (reason == InvalidReason.NotAnObject)
            return document.RootElement.ValueKind != JsonValueKind.Object;
        return reason != InvalidReason.None || HasSameMembers(request, document.RootElement);
    }

    private static bool HasSameMembers(RequestView request, JsonElement root) =>
        Raw(root, "id") == Encoding.UTF8.GetString(request.Id)
        && root.GetProperty("operation").GetString() == Encoding.UTF8.GetString(request.Operation)
        && Raw(root, "payload") == Encoding.UTF8.GetString(request.Payload)
        && Raw(root, "client_id") is var client && (client.Length > 0) == request.HasClientId
        && (client.Length == 0 || long.Parse(client) == request.ClientId) // The reference keeps -0, which the parser reads as 0.
        && Raw(root, "timeout_ms") == (request.TimeoutMs > 0 ? $"{request.TimeoutMs}" : "")
        && (Raw(root, "idempotent") is "false") != request.Idempotent
        && Raw(root, "priority") is var priority && request.Priority == (priority.Length == 0 ? RequestParser.UsualPriority : int.Parse(priority));

    private static string Raw(JsonElement root, string member) =>
        root.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : "";

    private static JsonDocument? Parse(byte[] text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
