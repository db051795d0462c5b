using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shortline.Grains.Handlers;

namespace Shortline.Samples;

/// <summary>Operation <c>distance</c>: computes the distance between two stations along the surface of the earth.</summary>
public sealed class DistanceHandler : IWorkHandler
{
    private const double EarthRadiusKm = 6371;

    /// <summary>True, because the work never blocks and costs far less than changing threads.</summary>
    public bool RunsInline => true;

    /// <inheritdoc/>
    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken)
    {
        if (!request.TryRead<Route>(out var route, out var invalid))
            return new(invalid);

        if (!route.From.IsOnEarth || !route.To.IsOnEarth)
            return new(WorkOutcome.Invalid("latitudes go from -90 to 90, longitudes from -180 to 180"));

        using var json = new Utf8JsonWriter(result);
        json.WriteStartObject();
        json.WriteNumber("km", Math.Round(Kilometres(route.From, route.To), 1));
        json.WriteEndObject();
        return new(WorkOutcome.Ok);
    }

    // The haversine formula: https://en.wikipedia.org/wiki/Haversine_formula
    private static double Kilometres(Station a, Station b)
    {
        var (latA, latB) = (double.DegreesToRadians(a.Lat), double.DegreesToRadians(b.Lat));
        var sinLat = Math.Sin((latB - latA) / 2);
        var sinLon = Math.Sin(double.DegreesToRadians(b.Lon - a.Lon) / 2);
        return 2 * EarthRadiusKm * Math.Asin(Math.Sqrt(sinLat * sinLat + Math.Cos(latA) * Math.Cos(latB) * sinLon * sinLon));
    }

    private sealed record Route(Station From, Station To);

    private sealed record Station(double Lat, double Lon)
    {
        public bool IsOnEarth => Lat is >= -90 and <= 90 && Lon is >= -180 and <= 180;
    }
}

/// <summary>Registers the sample.</summary>
public static class DistanceSample
{
    /// <summary>Adds the handler to the silo's services.</summary>
    public static void Register(IServiceCollection services) => services.AddWorkHandler<DistanceHandler>("distance");
}
