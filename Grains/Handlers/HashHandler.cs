using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Shortline.Grains.Handlers;

/// <summary>Operation <c>hash</c>: work for a processor. Hashes the text, then the hash, for the rounds that the payload gives.</summary>
internal sealed class HashHandler : IWorkHandler
{
    public const string Operation = "hash";
    private const int MaxRounds = 10_000_000;

    /// <summary>Rounds between two checks of the token: about 100 µs.</summary>
    private const int RoundsPerCheck = 256;

    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        if (!request.TryRead(WorkJson.Default.HashWork, out var work, out var invalid))
            return new(invalid);

        if (AlgorithmOf(work.Algorithm) is not { } algorithm)
            return new(WorkOutcome.Invalid("'algorithm' must be sha1, sha256, sha384 or sha512"));

        if (work.Rounds is not (>= 1 and <= MaxRounds))
            return new(WorkOutcome.Invalid($"'rounds' must be a whole number from 1 to {MaxRounds}"));

        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        hash = hash[..CryptographicOperations.HashData(algorithm, Encoding.UTF8.GetBytes(work.Text ?? ""), hash)];
        for (var round = 1; round < work.Rounds; round++)
        {
            if (round % RoundsPerCheck == 0)
                cancellationToken.ThrowIfCancellationRequested();

            CryptographicOperations.HashData(algorithm, hash, hash);
        }

        using var writer = new Utf8JsonWriter(result);
        var answer = new HashResult(work.Algorithm, work.Rounds, Convert.ToHexStringLower(hash));
        JsonSerializer.Serialize(writer, answer, WorkJson.Default.HashResult);
        return new(WorkOutcome.Ok);
    }

    private static HashAlgorithmName? AlgorithmOf(string name) => name switch
    {
        "sha1" => HashAlgorithmName.SHA1,
        "sha256" => HashAlgorithmName.SHA256,
        "sha384" => HashAlgorithmName.SHA384,
        "sha512" => HashAlgorithmName.SHA512,
        _ => null,
    };
}

/// <summary>The payload of <c>hash</c>.</summary>
internal sealed record HashWork(string Algorithm = "sha256", int Rounds = 1, string? Text = null);

/// <summary>The result of <c>hash</c>.</summary>
internal sealed record HashResult(string Algorithm, int Rounds, string Hex);
