using System.Runtime.CompilerServices;
using Shortline.GrainInterfaces.Requests;

namespace Shortline.GrainInterfaces.Links;

/// <summary>
/// What travels on a link: frames, of requests in one direction and of receipts in the other. Each frame of requests is answered by one frame
/// of receipts, in the same order. A frame is a <see cref="FrameHeader"/> and its parts, one for each server. A part is a
/// <see cref="RequestsHeader"/>, the server's id in UTF-8, the records (<see cref="ClientRequest"/>) and their bytes; or a
/// <see cref="ReceiptHeader"/>, the records (<see cref="ClientResponse"/>) and their bytes.
/// </summary>
/// <remarks>
/// Headers and records travel as they are in memory, which costs nothing. Only processes with the same <see cref="Version"/> use a link; others
/// make grain calls, so a cluster may have several versions of the program.
/// </remarks>
public static class LinkFormat
{
    /// <summary>The length of <see cref="LinkOffer.Token"/> in bytes.</summary>
    public const int TokenLength = 32;

    /// <summary>The maximum length of a frame of requests in bytes. Batches that need more take grain calls.</summary>
    public const int MaxFrame = 4 << 20;

    /// <summary>
    /// Bytes from which on a frame counts as damaged. Receipts may be many times longer than their requests, because results may be.
    /// </summary>
    public const int DamagedFrom = 1 << 29;

    /// <summary>To be increased when the meaning of a header or record changes, or the order of its members.</summary>
    private const int Meaning = 1;

    /// <summary>The layout of headers and records. It differs between versions of the program, and between systems, that lay them out differently.</summary>
    public static int Version { get; } = HashOf(
        Meaning,
        BitConverter.IsLittleEndian ? 1 : 0,
        Unsafe.SizeOf<FrameHeader>(),
        Unsafe.SizeOf<RequestsHeader>(),
        Unsafe.SizeOf<ReceiptHeader>(),
        Unsafe.SizeOf<ClientRequest>(),
        Unsafe.SizeOf<ClientResponse>());

    private static int HashOf(params ReadOnlySpan<int> numbers)
    {
        var hash = 17;
        foreach (var number in numbers)
            hash = unchecked((hash * 31) + number);
        return hash;
    }
}

/// <summary>Begins a frame.</summary>
/// <param name="Length">Bytes of the frame after this header.</param>
/// <param name="Parts">The number of parts.</param>
/// <param name="Call">The gateway's number of the call: the receipts have that of the requests.</param>
internal readonly record struct FrameHeader(int Length, int Parts, long Call);

/// <summary>Begins the requests for one server.</summary>
/// <param name="ServerIdLength">Bytes of the server's id.</param>
/// <param name="Requests">The number of requests.</param>
/// <param name="Bytes">Bytes of all requests.</param>
internal readonly record struct RequestsHeader(int ServerIdLength, int Requests, int Bytes);

/// <summary>Begins the receipt of one server: see <see cref="ResponseBatch"/>.</summary>
internal readonly record struct ReceiptHeader(
    long Incarnation, long Sequence, PartState State, int QueueLength, int InService, int OfThisGateway, int Responses, int Bytes);
