namespace Shortline.GrainInterfaces.Requests;

/// <summary>The memory of one <see cref="BatchReceipt"/>, which its owner reuses. Not thread-safe.</summary>
public sealed class ReceiptMemory
{
    /// <summary>Memory for bodies that a burst has made larger than this is not kept.</summary>
    private const int KeptBytes = 1 << 20;

    private ClientResponse[] _responses = new ClientResponse[16];
    private byte[] _bytes = new byte[1024];

    /// <summary>Copies responses and their bodies. The copies are valid until the next call.</summary>
    public (ReadOnlyMemory<ClientResponse> Responses, ReadOnlyMemory<byte> Bytes) Copy(ReadOnlySpan<ClientResponse> responses, ReadOnlySpan<byte> bytes)
    {
        if (responses.Length > _responses.Length)
            _responses = new ClientResponse[Math.Max(responses.Length, 2 * _responses.Length)];
        if (bytes.Length > _bytes.Length || _bytes.Length > KeptBytes)
            _bytes = new byte[Math.Max(bytes.Length, Math.Min(2 * _bytes.Length, KeptBytes))];

        responses.CopyTo(_responses);
        bytes.CopyTo(_bytes);
        return (_responses.AsMemory(0, responses.Length), _bytes.AsMemory(0, bytes.Length));
    }
}
