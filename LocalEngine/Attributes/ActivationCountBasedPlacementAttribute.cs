namespace Orleans.Placement;

/// <summary>On a grain class: a new activation goes to the silo that has the fewest.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ActivationCountBasedPlacementAttribute : Attribute;
