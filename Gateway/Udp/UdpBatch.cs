namespace Shortline.Gateway;

/// <summary>Bounds of a batch.</summary>
internal static class UdpBatch
{
    /// <summary>Datagrams in a batch at most: the most that Linux takes in one call (<c>UIO_MAXIOV</c>).</summary>
    internal const int Limit = 1024;

    internal static int Checked(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, Limit);
        return batch;
    }
}
