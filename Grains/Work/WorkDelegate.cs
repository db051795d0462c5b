using System.Buffers;

namespace Shortline.Grains;

/// <summary>A work handler as a delegate; see <see cref="IWorkHandler.Handle"/>.</summary>
/// <param name="request">The request.</param>
/// <param name="result">Takes the result as one JSON value.</param>
/// <param name="cancellationToken">Cancelled when the request's time is over.</param>
public delegate ValueTask<WorkOutcome> WorkDelegate(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken);
