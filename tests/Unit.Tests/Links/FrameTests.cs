using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Links;

/// <summary>What travels on a link between a gateway and a silo.</summary>
public sealed class FrameTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    /// <summary>Frames are read as they were written, in whatever pieces they arrive.</summary>
    [Fact]
    public void Requests_are_read_as_they_were_written()
    {
        var part = Gen.Choose(0, 40).Zip(Gen.Choose(0, 3000)).Select(sizes => new Part($"server-{sizes.Item1}", Requests(sizes.Item1), Bytes(sizes.Item2)));
        var frames = part.ListOf(4).ListOf(5);
        Prop.ForAll(frames.ToArbitrary(), Gen.Choose(1, 9000).ToArbitrary(), (frames, piece) =>
        {
            var writer = new FrameWriter();
            var sent = new List<byte>();
            for (var i = 0; i < frames.Count; i++)
            {
                writer.Begin(i);
                foreach (var part in frames[i])
                    writer.AddRequests(Encoding.UTF8.GetBytes(part.Server), part.Requests, part.Bytes);
                sent.AddRange(writer.End().Span);
            }

            var memory = Array.Empty<ClientRequest>();
            var expected = 0;
            foreach (var frame in Receive([.. sent], piece))
            {
                var reader = new FrameReader(frame);
                Assert.Equal((expected, frames[expected].Count), (reader.Call, reader.Parts));
                foreach (var part in frames[expected])
                {
                    var server = Encoding.UTF8.GetString(reader.ReadRequests(ref memory, out var requests, out var bytes));
                    Assert.Equal(part.Server, server);
                    Assert.True(requests.Span.SequenceEqual(part.Requests), "the requests are the same");
                    Assert.True(bytes.Span.SequenceEqual(part.Bytes), "their bytes are the same");
                }

                expected++;
            }

            Assert.Equal(frames.Count, expected);
        }).Check(Many);
    }

    [Fact]
    public void Receipts_are_read_as_they_were_written()
    {
        var writer = new FrameWriter();
        writer.Begin(7);
        var responses = Enumerable.Range(0, 50)
            .Select(i => new ClientResponse { Ticket = long.MaxValue - i, Status = ResponseStatus.Rejected, Reason = RejectReason.Shared, Offset = i, Length = 2, ServiceTimeUs = -i })
            .ToArray();
        writer.AddReceipt(new ServerReceipt { State = PartState.NotTaken });
        writer.AddReceipt(Done(responses, Bytes(60)));
        writer.AddReceipt(new ServerReceipt { State = PartState.Working });

        var memory = Array.Empty<ClientResponse>();
        var reader = new FrameReader(Receive(writer.End().ToArray(), piece: 100).Single());
        Assert.Equal((7L, 3), (reader.Call, reader.Parts));
        Assert.Equal(PartState.NotTaken, reader.ReadReceipt("a", ref memory).State);
        var done = reader.ReadReceipt("b", ref memory);
        var batch = done.Receipt.Done;
        Assert.Equal(("b", long.MaxValue, 2L, 3, 4, 5), (batch.ServerId, batch.Incarnation, batch.Sequence, batch.QueueLength, batch.InService, batch.OfThisGateway));
        Assert.Equal(responses, batch.Responses.ToArray());
        Assert.Equal(Bytes(60), batch.Bytes.ToArray());
        Assert.Equal(PartState.Working, reader.ReadReceipt("c", ref memory).State);
    }

    /// <summary>Results may be longer than all requests that fit into a frame.</summary>
    [Fact]
    public void Long_receipts_are_read()
    {
        var writer = new FrameWriter();
        writer.Begin(1);
        writer.AddReceipt(Done([], Bytes(2 * LinkFormat.MaxFrame)));
        var memory = Array.Empty<ClientResponse>();
        var reader = new FrameReader(Receive(writer.End().ToArray(), piece: 1 << 20).Single());
        Assert.Equal(2 * LinkFormat.MaxFrame, reader.ReadReceipt("b", ref memory).Receipt.Done.Bytes.Length);
    }

    /// <summary>Damaged bytes are found, or read as something else; nothing is read beyond them.</summary>
    [Fact]
    public void Damaged_frames_are_refused()
    {
        var writer = new FrameWriter();
        writer.Begin(1);
        writer.AddRequests("server"u8, Requests(10), Bytes(200));
        var whole = writer.End().ToArray();
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).Zip(Gen.Choose(0, 255)).ListOf(4).ToArbitrary(), faults =>
        {
            var damaged = whole.ToArray();
            foreach (var (at, value) in faults)
                damaged[at] = (byte)value;
            try
            {
                foreach (var frame in Receive(damaged, piece: 4096))
                {
                    var memory = Array.Empty<ClientRequest>();
                    var reader = new FrameReader(frame);
                    for (var i = 0; i < Math.Min(reader.Parts, 100); i++)
                        reader.ReadRequests(ref memory, out _, out _);
                }
            }
            catch (InvalidDataException)
            {
                // Found.
            }
        }).Check(Many);
    }

    [Fact]
    public void What_is_not_taken_moves_to_another_buffer()
    {
        var writer = new FrameWriter();
        var sent = new List<byte>();
        for (var i = 0; i < 3; i++)
        {
            writer.Begin(i);
            writer.AddRequests("server"u8, Requests(i), Bytes(100_000));
            sent.AddRange(writer.End().Span);
        }

        var buffer = new FrameBuffer();
        Fill(buffer, sent.ToArray());
        Assert.True(buffer.TryTake(out var first));
        var before = first.ToArray();
        var other = buffer.MoveRest();
        foreach (var call in new[] { 1, 2 })
        {
            Assert.True(other.TryTake(out var frame));
            Assert.Equal(call, new FrameReader(frame).Call);
            Fill(other, []);
        }

        Assert.Equal(before, first.ToArray());
        Assert.False(other.TryTake(out _));
    }

    /// <summary>
    /// Records travel as they are in memory. If this test fails, increase <c>LinkFormat.Meaning</c>, so that processes of different versions do
    /// not use links with each other, and put the new layout here.
    /// </summary>
    [Fact]
    public void The_layout_of_records_belongs_to_the_version()
    {
        Assert.Equal("Ticket 0, Offset 8, IdLength 12, OperationLength 16, PayloadLength 20, ClientId 24, TimeLeftMs 32, ReturnFrom 36, IsRetried 40, PriorityOffset 44", Layout<ClientRequest>());
        Assert.Equal("Ticket 0, Status 8, Reason 12, Offset 16, Length 20, ServiceTimeUs 24", Layout<ClientResponse>());
    }

    private static string Layout<T>() => string.Join(
        ", ",
        typeof(T).GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
            .Select(field => (Name: field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], Offset: OffsetOf<T>(field)))
            .OrderBy(field => field.Offset)
            .Select(field => $"{field.Name} {field.Offset}"));

    /// <summary>Finds where a field is: it sets the field of a zeroed structure, and looks which bytes have changed.</summary>
    private static int OffsetOf<T>(System.Reflection.FieldInfo field)
    {
        object boxed = Activator.CreateInstance<T>()!;
        var value = field.FieldType == typeof(bool) ? true : field.FieldType.IsEnum ? Enum.ToObject(field.FieldType, 1) : Convert.ChangeType(1, field.FieldType);
        field.SetValue(boxed, value);
        var bytes = BytesOf(boxed);
        return Array.FindIndex(bytes, each => each != 0);

        static byte[] BytesOf(object boxed) => boxed switch
        {
            ClientRequest request => MemoryMarshal.AsBytes(new[] { request }.AsSpan()).ToArray(),
            ClientResponse response => MemoryMarshal.AsBytes(new[] { response }.AsSpan()).ToArray(),
            _ => throw new ArgumentOutOfRangeException(nameof(boxed)),
        };
    }

    private static IEnumerable<byte[]> Receive(byte[] sent, int piece)
    {
        var buffer = new FrameBuffer();
        for (var at = 0; at < sent.Length; at += piece)
        {
            Fill(buffer, sent.AsSpan(at, Math.Min(piece, sent.Length - at)));
            while (buffer.TryTake(out var frame))
                yield return frame.ToArray();
        }
    }

    private static void Fill(FrameBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        do
        {
            var free = buffer.Free();
            Assert.True(free.Length > 0, "there is always room");
            var count = Math.Min(free.Length, bytes.Length);
            bytes[..count].CopyTo(free.Span);
            buffer.Add(count);
            bytes = bytes[count..];
        }
        while (bytes.Length > 0);
    }

    private static ClientRequest[] Requests(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new ClientRequest
        {
            Ticket = i, Offset = -i, IdLength = 3, OperationLength = 4, PayloadLength = i * 1000, TimeLeftMs = 5, ClientId = long.MinValue, IsRetried = i % 2 == 0,
        }),
    ];

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static ServerReceipt Done(ClientResponse[] responses, byte[] bytes) => new()
    {
        State = PartState.Done,
        Receipt = new BatchReceipt
        {
            Done = new ResponseBatch
            {
                ServerId = "b",
                Incarnation = long.MaxValue,
                Sequence = 2,
                QueueLength = 3,
                InService = 4,
                OfThisGateway = 5,
                Responses = responses,
                Bytes = bytes,
            },
        },
    };

    private sealed record Part(string Server, ClientRequest[] Requests, byte[] Bytes);
}
